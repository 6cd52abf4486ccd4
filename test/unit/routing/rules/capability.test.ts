import { expect, test } from 'vitest';
import type { Capability } from '../../../../src/ollama/wire.ts';
import { capability } from '../../../../src/routing/rules/capability.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

test.each<[string, Capability[], unknown[]]>([
  ['llama3.2', ['completion'], [0]],
  ['nomic/embed', ['embedding'], [5000, 'can embed']],
  ['llava/see', ['completion', 'vision'], [5000, 'can see images']],
  ['llama3.2', ['embedding'], [0, 'model-incapable', 'llama3.2 lacks embedding']],
  ['nomic/embed', ['completion'], [0, 'model-incapable', 'nomic lacks completion']],
  ['llama3.2', ['completion', 'vision', 'thinking'], [0, 'model-incapable', 'llama3.2 lacks vision and thinking']],
  ['llama3.2/unknown', ['completion', 'vision'], [0]],
  ['llama3.2/unknown', ['embedding'], [0]],
  ['nomic-embed-text/unknown', ['embedding'], [4000, 'an embedding model by its name']],
  ['all-minilm/unknown', ['embedding'], [4000, 'an embedding model by its name']],
  ['bge-m3/unknown', ['embedding'], [4000, 'an embedding model by its name']],
  ['bge-m3/unknown', ['completion'], [-4000, 'an embedding model by its name']],
  ['bge-m3', ['completion'], [0]],
])('%s for a task that needs %j: %j', (model, needs, effect) => {
  expect(effectOf(capability.apply(optionOf(model), questionOf({ needs })))).toEqual(effect);
});
