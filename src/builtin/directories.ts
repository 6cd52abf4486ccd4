import { join } from 'node:path';

/** Holds node-llama-cpp and its binary, as `builtin install` put them there. */
export const engineDirectory = (dataDirectory: string): string => join(dataDirectory, 'engine');

/** Every GGUF file in it is a model of the built-in engine. */
export const modelsDirectory = (dataDirectory: string): string => join(dataDirectory, 'models');
