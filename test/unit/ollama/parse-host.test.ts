import { describe, expect, it } from 'vitest';
import { toProblem } from '../../../src/errors/problem.ts';
import { parseHostAddress, withApiKey } from '../../../src/ollama/parse-host.ts';

describe('parseHostAddress', () => {
  it.each([
    [undefined, 'http://127.0.0.1:11434'],
    ['', 'http://127.0.0.1:11434'],
    ['  ', 'http://127.0.0.1:11434'],
    ['1.2.3.4', 'http://1.2.3.4:11434'],
    ['example.com', 'http://example.com:11434'],
    ['example.com/', 'http://example.com:11434'],
    [':1234', 'http://127.0.0.1:1234'],
    ['localhost:80', 'http://localhost'],
    ['localhost', 'http://localhost:11434'],
    ['http://h', 'http://h'],
    ['http://', 'http://127.0.0.1'],
    ['http://[::1', 'http://[::1]'],
    ['https://h', 'https://h'],
    ['https://h:8443', 'https://h:8443'],
    ['h:1234/path', 'http://h:1234/path'],
    ['http://h/a/b/', 'http://h/a/b'],
    ['[::1]', 'http://[::1]:11434'],
    ['[::1]:1337', 'http://[::1]:1337'],
    ['::1', 'http://[::1]:11434'],
    ['fe80::1:2', 'http://[fe80::1:2]:11434'],
    ['h:99999', 'http://h:11434'],
    ['h:abc', 'http://h:11434'],
    ['h:', 'http://h:11434'],
    ['http://h:abc', 'http://h'],
    ['ollama.com', 'https://ollama.com'],
    ['https://ollama.com', 'https://ollama.com'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:4321', 'http://127.0.0.1:4321'],
    ['[::]:4321', 'http://[::1]:4321'],
    ['::', 'http://[::1]:11434'],
    [' "gpu1:11435" ', 'http://gpu1:11435'],
    ["'gpu1'", 'http://gpu1:11434'],
    ['GPU1', 'http://gpu1:11434'],
  ])('reads %j as %s', (text, url) => {
    expect(parseHostAddress(text)).toEqual({ url, headers: {} });
  });

  it.each(['http://u:p%40ss@h:1', 'u:p@ss@h:1'])('takes the credentials of %s out of the address', (text) => {
    const { url, headers } = parseHostAddress(text);
    expect(url).toBe('http://h:1');
    expect(headers).toEqual({ Authorization: `Basic ${Buffer.from('u:p@ss').toString('base64')}` });
  });

  it.each(['ftp://h', 'HTTP://h', 'two words', 'a:b:c', '8080', 'h?x=1', 'h%2f'])('refuses %j', (text) => {
    expect(() => parseHostAddress(text)).toThrow(`'${text}' is not the address of a server`);
  });

  it('says what to write for a bare port', () => {
    expect(problemOf(() => parseHostAddress('8080')).hint).toBe('for a port of this machine write 127.0.0.1:8080');
  });

  it('shows no password in its complaint', () => {
    expect(JSON.stringify(problemOf(() => parseHostAddress('ftp://me:secret@h')))).not.toContain('secret');
  });

  it('takes no password with a bare slash, which would be shown as a path, and shows nothing of it', () => {
    const problem = problemOf(() => parseHostAddress('http://me:sec/ret@h:1'));
    expect(problem).toMatchObject({ message: "'http://***@h:1' is not the address of a server" });
    expect(problem.hint).toContain('%2F');
    expect(parseHostAddress('http://me:sec%2Fret@h:1').headers).toEqual({
      Authorization: `Basic ${btoa('me:sec/ret')}`,
    });
  });
});

describe('withApiKey', () => {
  const env = { OLLAMA_API_KEY: 'key' };
  it('sends the key to ollama.com', () => {
    expect(withApiKey(parseHostAddress('ollama.com'), env).headers).toEqual({ Authorization: 'Bearer key' });
  });

  it.each(['http://ollama.com', 'https://ollama.com.evil.example', 'gpu1'])('sends no key to %s', (text) => {
    expect(withApiKey(parseHostAddress(text), env).headers).toEqual({});
  });

  it('leaves a header of the user alone', () => {
    const address = { url: 'https://ollama.com', headers: { authorization: 'mine' } };
    expect(withApiKey(address, env)).toEqual(address);
  });
});

function problemOf(action: () => unknown) {
  try {
    action();
  } catch (error) {
    return toProblem(error);
  }
  throw new Error('nothing was thrown');
}
