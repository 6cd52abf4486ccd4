import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createRig } from '../rig/rig.ts';

const score = fileURLToPath(new URL('../../bench/kill.mjs', import.meta.url));

test('runs killed at any moment go on as if nothing had happened', { timeout: 170_000 }, async () => {
  await using rig = await createRig();
  const { stdout, stderr } = await rig.run(['8', '--checkout'], { command: [process.execPath, score] }).exit;
  expect({ score: stdout.trimEnd().split('\n').at(-1), stdout, stderr }).toMatchObject({ score: 'score: 8 of 8: ok' });
});
