import { Chalk } from 'chalk';

/** The colours of the views. */
export interface Paint {
  bold: (text: string) => string;
  dim: (text: string) => string;
  red: (text: string) => string;
  green: (text: string) => string;
  yellow: (text: string) => string;
  cyan: (text: string) => string;
}

/** The 16 colours every terminal theme defines, or none. */
export function createPaint(color: boolean): Paint {
  return new Chalk({ level: color ? 1 : 0 });
}
