// In: schemas as code has them. Out: the same as JSON Schemas that refer to each other by name, as OpenAPI wants them. Pure.
import { z } from 'zod';
import { agentInputSchema, agentSchema } from '../agents/schema.ts';
import { budgetSchema } from '../spec/workflow/workflow-schema.ts';
import { documentedStep, documentedTask, documentedTasks, documentedWorkflow } from './documented-bodies.ts';
import { problemSchema } from './problem-schema.ts';

/** A JSON Schema, or any other object of a document. */
export type Json = Readonly<Record<string, unknown>>;

/** Where a document of ours keeps its schemas. */
const place = '#/components/schemas/';

/** Schemas that get a name of their own; all others stand where they are used. */
const names: readonly (readonly [z.ZodType, string])[] = [
  [agentSchema, 'Agent'],
  [agentInputSchema, 'AgentInput'],
  [documentedTasks, 'TasksRequest'],
  [documentedTask, 'Task'],
  [documentedWorkflow, 'WorkflowRequest'],
  [documentedStep, 'Step'],
  [budgetSchema, 'Budget'],
  [problemSchema, 'Problem'],
];

/** A schema by its name. */
export function refTo(name: string): Json {
  return { $ref: `${place}${name}` };
}

/** Collects the schemas of a document. */
export class ApiSchemas {
  readonly #names = namesRegistry();
  readonly #named = new Map<string, Json>();

  /** @param published JSON Schemas made from types, whose definitions have the last word about a name */
  constructor(published: readonly Json[]) {
    for (const { definitions } of published) this.#add(definitions);
  }

  /** All that were named so far, by name. */
  get named(): Json {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** A schema as JSON, of what is sent or of what is answered; those in it that have names are collected. */
  toJson(schema: z.ZodType, io: 'input' | 'output'): Json {
    const override = io === 'input' ? forRequests : forAnswers;
    const options = { io, unrepresentable: 'any', metadata: this.#names, override } as const;
    const { $schema: _, $defs, ...json } = z.toJSONSchema(schema, options);
    this.#add($defs);
    return withRefs(json) as Json;
  }

  #add(definitions: unknown = {}): void {
    for (const [name, schema] of Object.entries(definitions as Json)) {
      if (name === anyJson) continue;
      const known = this.#named.get(name);
      if (!known) this.#named.set(name, withRefs(schema) as Json);
    }
  }
}

interface Part {
  jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** Generated clients take what has a default to be there always, and want it sent. An empty one says nothing anyway. */
function forRequests({ jsonSchema }: Part): void {
  if (['""', '{}'].includes(JSON.stringify(jsonSchema.default))) delete jsonSchema.default;
}

/** Answers may have more fields some day. */
function forAnswers({ jsonSchema }: Part): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  delete jsonSchema.default;
}

/** Names beside what schemas say of themselves. */
function namesRegistry(): z.core.$ZodRegistry<{ id?: string }> {
  const registry = new Names();
  for (const [schema, id] of names) registry.add(schema, { id });
  return registry;
}

class Names extends z.core.$ZodRegistry<{ id?: string }> {
  override get(schema: z.core.$ZodType): { id?: string } | undefined {
    return { ...z.globalRegistry.get(schema), ...super.get(schema) };
  }
}

/** Values of any shape refer to themselves, and have no name of their own; what may be anything needs no words. */
const anyJson = '__schema0';

/** Refers to where the document keeps its schemas; links in descriptions are for pages that are not there. */
function withRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRefs);
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value && value.$ref === `#/$defs/${anyJson}`) return {};
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => {
    if (key === '$ref' && typeof each === 'string') return [key, each.replace(/^.*\//, place)];
    if (key === 'description' && typeof each === 'string') return [key, each.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')];
    return [key, withRefs(each)];
  });
  return Object.fromEntries(entries);
}
