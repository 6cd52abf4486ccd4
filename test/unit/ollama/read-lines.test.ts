import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader, type LineOptions } from '../../../src/ollama/read-lines.ts';

const options: LineOptions = {
  maxLineBytes: 1000,
  onClosingLine: () => undefined,
  toErrorProblem: (error) => ({ code: 'server-error', message: String(error) }),
  toTooLong: () => ({ code: 'output-too-large', message: 'too long' }),
  toIncomplete: (isForeign) => ({ code: 'stream-incomplete', message: isForeign ? 'foreign' : 'incomplete' }),
};

function readerOf(chunks: Uint8Array[], more: Partial<LineOptions> = {}): LineReader {
  const left = [...chunks];
  return new LineReader(() => Promise.resolve(left.shift()), { ...options, ...more });
}

/** What arrives before the failure, and the failure. */
async function readAll(reader: LineReader): Promise<[string, string]> {
  let text = '';
  for (;;) {
    try {
      text += Buffer.from((await reader.read()).value).toString();
    } catch (error) {
      return [text, (error as Error).message];
    }
  }
}

const bytes = (text: string) => [Buffer.from(text)];

describe('LineReader', () => {
  it('gives the same lines however they are cut', async () => {
    const text = '{"a":"日本語 🎉"}\n\n{"b":2}\r\n{"c":[3]}\n{"done":true}\n';
    const wanted = '{"a":"日本語 🎉"}\n{"b":2}\r\n{"c":[3]}\n{"done":true}\n';
    const whole = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: whole.length - 1 })), async (cuts) => {
        const at = [0, ...new Set(cuts)].sort((a, b) => a - b);
        const chunks = at.map((from, index) => whole.subarray(from, at[index + 1]));
        expect((await readAll(readerOf(chunks)))[0]).toBe(wanted);
      }),
    );
  });

  it('gives what came before an error line, then fails with its text', async () => {
    expect(await readAll(readerOf(bytes('{"a":1}\n{"error":"it broke"}\n{"b":2}\n')))).toEqual([
      '{"a":1}\n',
      'it broke',
    ]);
  });

  it('takes a last line without its newline', async () => {
    expect((await readAll(readerOf(bytes('{"done":true}'))))[0]).toBe('{"done":true}\n');
  });

  it('drops what is no object, and says so', async () => {
    const dropped: string[] = [];
    const reader = readerOf(bytes('1\nnull\n[]\n"x"\n{\n \n{"a":1}\n'), {
      onDroppedLine: (line) => dropped.push(line),
    });
    expect((await readAll(reader))[0]).toBe('{"a":1}\n');
    expect(dropped).toEqual(['1', 'null', '[]', '"x"', '{']);
  });

  it.each([
    ['', 'incomplete'],
    ['{"a":1}\n', 'incomplete'],
    ['hello\n', 'foreign'],
    ['hello\n{"a":1}\n', 'incomplete'],
  ])('says of the end of %j that it is %s', async (text, message) => {
    expect((await readAll(readerOf(bytes(text))))[1]).toBe(message);
  });

  it('fails at a line over the limit, without waiting for its end', async () => {
    const parts = Array.from({ length: 20 }, () => Buffer.alloc(100, 'x'));
    expect(await readAll(readerOf(parts))).toEqual(['', 'too long']);
  });

  it.each(['{"done":true}\n', '{"status":"success"}\n'])('tells when %j has come', async (text) => {
    let isClosed = false;
    await readerOf(bytes(text), { onClosingLine: () => (isClosed = true) }).read();
    expect(isClosed).toBe(true);
  });
});
