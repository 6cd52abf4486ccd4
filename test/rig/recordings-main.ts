/** Reads every recording with our client and prints nothing: what appears on stdout or stderr comes from a library. */
import { askingFor, loadRecordings, replay } from './recordings.ts';

for (const recording of loadRecordings()?.values() ?? []) {
  const asking = askingFor(recording);
  if (asking) await replay(recording, asking);
}
