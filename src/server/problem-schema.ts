import { z } from 'zod';

/** A problem, as documentation shows it. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  location: z.object({ file: z.string().optional(), line: z.int(), column: z.int() }).optional(),
  task: z.string().optional(),
  host: z.string().optional(),
});

/** How a request is answered that is refused, or fails. */
export const problemAnswer = z.object({
  error: z.string().describe('the message of the problem'),
  problem: problemSchema,
  problems: z.array(problemSchema).optional().describe('all of them, where there are several'),
});
