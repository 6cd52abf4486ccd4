import { join } from 'node:path';
import { ProblemError } from '../errors/problem.ts';
import { engineDirectory } from './directories.ts';

/** The one version that is installed and spoken to. */
export const engineVersion = '3.22.1';

/** Packages with llama.cpp's binary for the processor alone, or for Metal; by `platform-architecture` of Node. */
const binaries: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-armv7l',
  'linux-riscv64': 'linux-riscv64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};

/** What npm has to install for this machine. */
export function enginePackages(platform: string, architecture: string): string[] {
  const binary = binaries[`${platform}-${architecture}`];
  if (binary === undefined) {
    throw new ProblemError({
      code: 'engine-missing',
      message: `the built-in engine does not run on ${platform} ${architecture}`,
      hint: 'install Ollama from https://ollama.com/download and use --backend ollama',
    });
  }
  return [`node-llama-cpp@${engineVersion}`, `@node-llama-cpp/${binary}@${engineVersion}`];
}

/** The module that the child imports. */
export function engineEntry(dataDirectory: string): string {
  return join(engineDirectory(dataDirectory), 'node_modules', 'node-llama-cpp', 'dist', 'index.js');
}
