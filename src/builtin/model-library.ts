import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import type { GgufFacts, LlamaEngine } from './llama-engine.ts';
import { starterModels } from './starter-models.ts';

/** A model file that is there and can be read. */
export interface BuiltinModel {
  /** As `/api/tags` lists it. */
  name: string;
  file: string;
  size_bytes: number;
  modifiedMs: number;
  /** 64 hex digits that change when the file does. */
  digest: string;
  facts: GgufFacts;
}

export interface ModelLibrary {
  /** All models, newest first. */
  list(): Promise<BuiltinModel[]>;
  find(name: string): Promise<BuiltinModel | undefined>;
}

/** Whether a model is named by its file. */
export const isGgufPath = (name: string): boolean => name.toLowerCase().endsWith('.gguf');

/**
 * The models of the built-in engine: every GGUF file of the models directory, and every GGUF path that was asked for,
 * which is listed from then on.
 */
export function createModelLibrary({
  directory,
  cwd,
  describe,
  paths = [],
}: {
  directory: string;
  /** Relative paths are resolved against it. */
  cwd: string;
  describe: LlamaEngine['describe'];
  /** GGUF paths to list from the start. */
  paths?: readonly string[];
}): ModelLibrary {
  const named = new Map(paths.filter(isGgufPath).map((path) => [path, toFile(path)]));
  const factsOf = rememberFacts(describe);

  return {
    async list() {
      const own = await listModelFiles(directory);
      const others = [...named].map(([name, file]) => ({ name, file }));
      const models = await Promise.all([...own, ...others].map(({ name, file }) => open(name, file)));
      return models.filter((model) => model !== undefined).sort((a, b) => b.modifiedMs - a.modifiedMs);
    },
    async find(name) {
      if (isGgufPath(name)) {
        const model = await open(name, toFile(name));
        if (model) named.set(name, model.file);
        return model;
      }
      const wanted = withTag(name);
      const found = (await listModelFiles(directory)).find((model) => model.name === wanted);
      return found && open(wanted, found.file);
    },
  };

  function toFile(path: string): string {
    return isAbsolute(path) ? path : resolve(cwd, path);
  }

  /** Undefined for a file that went away or is no GGUF. */
  async function open(name: string, file: string): Promise<BuiltinModel | undefined> {
    try {
      const { size, mtimeMs } = await stat(file);
      const version = `${file}\n${size}\n${mtimeMs}`;
      const facts = await factsOf(file, version);
      const digest = starterOf(file, size)?.sha256 ?? createHash('sha256').update(version).digest('hex');
      return { name, file, size_bytes: size, modifiedMs: mtimeMs, digest, facts };
    } catch {
      return undefined;
    }
  }
}

/** Reading a header takes a tenth of a second: once for each version of a file. */
function rememberFacts(describe: LlamaEngine['describe']): (file: string, version: string) => Promise<GgufFacts> {
  const known = new Map<string, Promise<GgufFacts>>();
  return (file, version) => {
    const facts = known.get(version) ?? describe(file);
    known.set(version, facts);
    return facts;
  };
}

/** The GGUF files of a directory and the names they go by; none when there is no such directory. */
export async function listModelFiles(directory: string): Promise<{ name: string; file: string }[]> {
  const files = await readdir(directory).catch(() => []);
  return files.filter(isGgufPath).map((file) => ({ name: nameOf(file), file: join(directory, file) }));
}

function nameOf(file: string): string {
  const starter = starterModels.find((candidate) => candidate.file === file);
  return starter?.name ?? withTag(file.slice(0, -'.gguf'.length));
}

const starterOf = (file: string, sizeBytes: number) =>
  starterModels.find((starter) => starter.file === basename(file) && starter.size_bytes === sizeBytes);

/** Names are compared without case, without the default registry and with a tag. */
function withTag(name: string): string {
  const short = name
    .trim()
    .toLowerCase()
    .replace(/^registry\.ollama\.ai\//, '')
    .replace(/^library\//, '');
  return short.lastIndexOf(':') > short.lastIndexOf('/') ? short : `${short}:latest`;
}
