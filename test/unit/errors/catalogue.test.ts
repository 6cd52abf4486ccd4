import { expect, test } from 'vitest';
import { catalogue } from '../../../src/errors/catalogue.ts';

const entries = Object.entries(catalogue);

test.each(entries)('%s is a kebab-case word', (code) => {
  expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
});

test.each(entries)('%s has an exit code that users are told of', (_code, { exit }) => {
  expect([0, 1, 2, 3, 4, 5, 70, 74, 130, 143]).toContain(exit);
});

test.each(entries)('%s has an HTTP status', (_code, { status }) => {
  expect(status).toSatisfy((value: number) => Number.isInteger(value) && value >= 200 && value < 600);
});

test.each(entries)('%s is explained in a line without a full stop', (_code, { title }) => {
  expect(title).toMatch(/^[A-Z].{8,80}[^.]$/);
});
