/** Printed in place of a header's value, which may be a secret. */
export const hiddenHeaderValue = '***';
