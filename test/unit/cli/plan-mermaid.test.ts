import { expect, test } from 'vitest';
import { formatMermaid } from '../../../src/cli/plan-mermaid.ts';
import type { PlannedTask } from '../../../src/events/plan-snapshot.ts';

function planned(task: string, more: Partial<PlannedTask> = {}): PlannedTask {
  const candidates = [{ model: 'llama3.2', host: 'http://a', reasons: [] }];
  return { task, type: 'generate', input: 'a prompt', needs: [], kind: 'other', candidates, ...more };
}

test('a graph has a node per step and an arrow per need', () => {
  const tasks = [
    planned('end'),
    planned('each', { needs: ['end'], foreach: 3, if: 'success()' }),
    planned('last', { after: 'each', continue_on_error: true, candidates: [] }),
  ];
  expect(formatMermaid({ tasks }).split('\n')).toEqual([
    'flowchart TD',
    '  n1["end<br>generate, llama3.2"]',
    '  n2[["each<br>generate, llama3.2<br>for each of 3<br>if success()"]]',
    '  n3["last<br>generate<br>may fail"]',
    '  n1 --> n2',
    '  n2 -.-> n3',
    '',
  ]);
});

test('text that means something to Mermaid is spelled as entities', () => {
  const hostile = '"]; click n1 "javascript:x" <b> `#35;` %% _*';
  const model = 'a"b<c>#`d';
  const tasks = [planned('a', { if: hostile, candidates: [{ model, host: 'http://a', reasons: [] }] })];
  const [, node = ''] = formatMermaid({ tasks }).split('\n');
  expect(node).toMatch(/^ {2}n1\["[^"`<>_*%;\]]*(?:(?:<br>|#\d+;)[^"`<>_*%;\]]*)*"\]$/);
});

test('an expression is cut, and no prompt is shown', () => {
  const drawn = formatMermaid({ tasks: [planned('a', { if: 'x'.repeat(100) })] });
  expect(drawn).toContain(`if ${'x'.repeat(59)}…"]`);
  expect(drawn).not.toContain('prompt');
});

test('why a step cannot run is in its node', () => {
  const problem = { code: 'model-missing', message: 'no such model' } as const;
  expect(formatMermaid({ tasks: [planned('a', { candidates: [], problem })] })).toContain('cannot run: model-missing');
});
