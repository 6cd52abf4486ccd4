import { runMain } from '../host/node-host.ts';
import { main } from './main.ts';
import { quickAnswer } from './quick-answer.ts';

runMain(main, (argv) => quickAnswer(argv, undefined));
