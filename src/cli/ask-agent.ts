import type { AgentStore } from '../agents/agent-store.ts';
import type { Agent } from '../agents/schema.ts';
import { ProblemError } from '../errors/problem.ts';
import type { Dialog } from '../host/dialog.ts';
import type { Host } from '../host/host.ts';
import { fitText } from '../lib/fit-text.ts';
import { neutralize, neutralizeLine } from '../lib/neutralize.ts';
import type { GlobalFlags } from './cli.ts';
import { openAgents } from './open-agents.ts';
import { formatTable } from './table.ts';

/** Shows the agents there are and has one chosen, by its number, name or id; undefined when the person gives none. */
export async function askAgent(dialog: Dialog, flags: GlobalFlags, host: Host): Promise<string | undefined> {
  const store = await openAgents(host, flags);
  const { agents } = await store.list();
  const [first] = agents;
  if (!first) throw noAgents();
  host.io.stderr.write(await formatChoices(agents, host));
  // Enter takes what there is no choice about.
  const only = agents.length === 1 ? first.name : '';
  const names = agents.map(({ name }) => name);
  for (;;) {
    const line = await dialog.ask(only === '' ? 'agent: ' : `agent (${only}): `, names);
    if (line === undefined) return undefined;
    const chosen = await choose(line.trim() || only, agents, store);
    if (chosen.agent) return chosen.agent.id;
    if (chosen.reason !== undefined) host.io.stderr.write(`${neutralizeLine(chosen.reason)}\n`);
  }
}

/** An agent, or why there is none; neither for an empty answer. */
async function choose(
  answer: string,
  agents: readonly Agent[],
  store: AgentStore,
): Promise<{ agent?: Agent | undefined; reason?: string }> {
  // What is on the screen wins over an agent that is called 2.
  const numbered = /^\d{1,3}$/.test(answer) ? agents[Number(answer) - 1] : undefined;
  if (numbered || answer === '') return { agent: numbered };
  try {
    return { agent: await store.get(answer) };
  } catch (error) {
    if (error instanceof ProblemError) return { reason: error.message };
    throw error;
  }
}

const mostShown = 20;

async function formatChoices(agents: readonly Agent[], { io }: Host): Promise<string> {
  const rows = agents
    .slice(0, mostShown)
    .map(({ name, models }, index) => [`  ${String(index + 1).padStart(2)}`, name, models.join(', ')]);
  const table = (await formatTable(rows, 2)).trimEnd().split('\n');
  const rest = agents.length - mostShown;
  const lines = [...table, ...(rest > 0 ? [`  and ${rest} more, which list-agents shows`] : [])];
  const cells = (io.stderr.columns ?? 80) - 1;
  return lines.map((line) => `${fitText(neutralize(line), cells, { unicode: true, keep: 'start' })}\n`).join('');
}

function noAgents(): ProblemError {
  const message = "missing required argument 'AGENT', and there is no agent yet";
  const hint = 'ollama-orchestrate create-agent NAME --models llama3.2';
  return new ProblemError({ code: 'usage-invalid', message, hint });
}
