import { expect, test } from 'vitest';
import { decodeEvent, encodeEvent } from '../../../src/events/encode.ts';
import { scenarios } from '../render/scenarios.ts';

test.each(Object.entries(scenarios))('every event survives its line: %s', (_name, events) => {
  expect(events.map((event) => decodeEvent(encodeEvent(event)))).toEqual(events);
});

test('an event is one line, whatever its text holds', () => {
  const lines = (scenarios['hostile output'] ?? []).map(encodeEvent);
  expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
});

test.each(['', '\n', '{"type":"task.del', '[]', 'null', '7', '{"type":"toString"}', '{"type":"task.invented"}'])(
  'a line that is no event is told apart: %j',
  (line) => {
    expect(decodeEvent(line)).toBeUndefined();
  },
);
