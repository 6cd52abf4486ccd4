import { runMain } from '../host/node-host.ts';
import { main } from './main.ts';

runMain(main);
