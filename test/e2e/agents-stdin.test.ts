import { expect, it } from 'vitest';
import { createRig } from '../rig/rig.ts';

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a command that waits for stdin ends at once and without a word on %s', async (signal, code) => {
  await using rig = await createRig();
  const command = rig.run(['create-agent', 'a', '--models', 'm', '--config', '-'], {
    keepsStdinOpen: true,
    stdin: '{',
    env: { NODE_DEBUG: 'stream' },
  });
  // The program's own stream says on stderr that it is being read.
  await command.untilOutput(/STREAM \d+: .*read/i);
  command.kill(signal);
  expect(await command.exit).toMatchObject({ code, stdout: '' });
});
