// In: the text of a YAML (or JSON) document. Out: its values with their places, and what is wrong with its form. Pure.
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Node as AstNode,
  type Pair,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Problem } from '../../errors/problem.ts';
import { maxDepth, tooDeepAt } from '../check-nesting.ts';
import { markRange, type Range, type SourceText } from './source-text.ts';
import { explainSyntax } from './yaml-syntax.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-node.ts';

export interface ParsedYaml {
  /** Absent when the form is so wrong that nothing can be said about the content. */
  root?: YamlNode | undefined;
  problems: Problem[];
}

/** Aliases may not blow a document up to more values than this. */
const maxValues = 100_000;

export function parseYaml(source: SourceText): ParsedYaml {
  const { text } = source;
  const fault = (range: Range, message: string, hint?: string): Problem => {
    return { code: 'workflow-invalid', message, hint, ...markRange(source, range) };
  };
  const deep = tooDeepAt(text);
  if (deep)
    return { problems: [fault(deep, `the document is nested deeper than ${maxDepth} levels`, 'make it flatter')] };
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
  const errors: readonly YAMLError[] = [document.errors, document.warnings].flat();
  const faults = errors.map((error) => explainSyntax(error, text));
  if (faults.length > 0)
    return { problems: oneALine(faults.map(({ range, message, hint }) => fault(range, message, hint))) };
  const problems: Problem[] = [];
  if (document.contents === null) return { problems: [fault([0, 0], 'the file is empty', 'a workflow has steps')] };
  const builder = new TreeBuilder(text, (...found) => problems.push(fault(...found)));
  return { root: builder.build(document.contents), problems };
}

/** One slip makes a parser stumble several times. */
function oneALine(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.toReversed().map((problem) => [problem.location?.line, problem])).values()].reverse();
}

/** Makes the tree of one document. */
class TreeBuilder {
  readonly #text: string;
  readonly #report: (range: Range, message: string, hint?: string) => void;
  readonly #anchors = new Map<string, YamlNode>();
  /** How many values a node stands for, aliases counted as often as they are used. */
  readonly #sizes = new Map<YamlNode, number>();

  constructor(text: string, report: (range: Range, message: string, hint?: string) => void) {
    this.#text = text;
    this.#report = report;
  }

  build(node: AstNode | null): YamlNode {
    const range = rangeOf(node);
    if (isAlias(node)) return this.#resolve(node.source, range);
    if (node?.tag === '!') this.#reportBang(range);
    const built = this.#buildOwn(node, range);
    if (node !== null && 'anchor' in node && node.anchor !== undefined) this.#anchors.set(node.anchor, built);
    return built;
  }

  /** `! success()`: to YAML, the exclamation mark with a blank behind it says nothing, and is gone. */
  #reportBang([start, end]: Range): void {
    const bang = this.#text.lastIndexOf('!', start - 1);
    const hint = `did you mean '${JSON.stringify(this.#text.slice(bang, end))}'?`;
    this.#report([bang, end], 'text that starts with ! must be in quotes', hint);
  }

  #buildOwn(node: AstNode | null, range: Range): YamlNode {
    if (isMap(node)) return this.#isBareBraces(range) ? this.#quoted(range) : this.#buildMap(node, range);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.build(item as AstNode | null));
      return this.#sized({ kind: 'list', range, items }, items);
    }
    return this.#toScalar(node, range);
  }

  #buildMap(node: YAMLMap, range: Range): YamlNode {
    const entries: YamlEntry[] = [];
    for (const pair of node.items as Pair<AstNode | null, AstNode | null>[]) {
      const key = this.#keyOf(pair.key);
      const end = key?.range[1] ?? range[0];
      const value = pair.value === null ? this.#toScalar(null, [end, end]) : this.build(pair.value);
      if (key) entries.push({ key: key.text, keyRange: key.word, node: value });
    }
    return this.#sized(
      { kind: 'map', range, entries: this.#unique(entries) },
      entries.map(({ node: value }) => value),
    );
  }

  #keyOf(key: AstNode | null): YamlScalar | undefined {
    const range = rangeOf(key);
    if (isScalar(key)) return this.#toScalar(key, range);
    this.#report(range, 'a key is a word', 'put the text into quotes if it is none');
    return undefined;
  }

  #unique(entries: readonly YamlEntry[]): YamlEntry[] {
    const seen = new Set<string>();
    return entries.filter(({ key, keyRange }) => {
      if (seen.has(key)) this.#report(keyRange, `'${key}' is given twice`, 'remove one of the two');
      return !seen.has(key) && seen.add(key);
    });
  }

  #toScalar(node: AstNode | null, range: Range): YamlScalar {
    const value = isScalar(node) ? node.value : null;
    const text = isScalar(node) ? (node.source ?? '') : '';
    const word: Range = /^["']/.test(this.#text.slice(...range)) ? [range[0] + 1, range[1] - 1] : range;
    if (typeof value === 'number' && !Number.isFinite(value))
      this.#report(range, `${text} is not a number that can be sent`);
    const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    return { kind: 'scalar', range, value: isPlain ? (value as YamlScalar['value']) : text, text, word };
  }

  /** `{{name}}` without quotes is, to YAML, a map in a map. */
  #isBareBraces([start]: Range): boolean {
    return this.#text.startsWith('{{', start);
  }

  #quoted(range: Range): YamlNode {
    const text = this.#text.slice(...range);
    const hint = `did you mean '${JSON.stringify(text)}'?`;
    this.#report(range, 'text that starts with {{ must be in quotes', hint);
    return { kind: 'scalar', range, value: text, text, word: range };
  }

  #resolve(name: string, range: Range): YamlNode {
    // Problems of its content are shown where that is written: at the anchor.
    const target = this.#anchors.get(name);
    if (target) return target;
    this.#report(range, `'*${name}' refers to no anchor before it`, `write '&${name}' before what it stands for`);
    return { kind: 'scalar', range, value: `*${name}`, text: `*${name}`, word: range };
  }

  #sized<N extends YamlNode>(node: N, children: readonly YamlNode[]): N {
    const size = children.reduce((sum, child) => sum + (this.#sizes.get(child) ?? 1), 1);
    this.#sizes.set(node, size);
    if (size <= maxValues) return node;
    this.#report(node.range, `with its aliases the document holds more than ${maxValues} values`, 'use fewer aliases');
    this.#sizes.set(node, 1);
    return node.kind === 'map' ? { ...node, entries: [] } : { ...node, items: [] };
  }
}

function rangeOf(node: AstNode | null): Range {
  const [start, end] = node?.range ?? [0, 0];
  return [start, end];
}
