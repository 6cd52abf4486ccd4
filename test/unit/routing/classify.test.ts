import { expect, test } from 'vitest';
import type { Kind } from '../../../src/lib/kinds.ts';
import { createClassifier } from '../../../src/routing/classify.ts';

const classify = createClassifier();

const function_ = 'function add(a, b) {\n  const sum = a + b;\n  return sum;\n}\n';

test.each<[Kind, string]>([
  ['code', 'Review this Python code for bugs: def add(a,b): return a+b'],
  ['code', 'Write a TypeScript function that reverses a linked list'],
  ['code', '```js\nconsole.log(1)\n```\nWhat does this print?'],
  ['code', 'Explain this SQL query: SELECT * FROM users'],
  ['code', 'Why does my Dockerfile fail to build?'],
  ['code', `${function_}why is this slow?`],
  ['code', 'Schreibe eine Funktion in Python, die eine Liste sortiert'],
  ['code', 'Écris une fonction en JavaScript qui inverse une chaîne'],
  ['code', 'Escribe un programa en C++ que lea un archivo'],
  ['code', '用 Python 写一个函数，读取文件并统计单词'],
  ['code', 'Напиши скрипт на bash, который удаляет старые файлы'],
  ['code', 'Translate this Python code to Rust'],
  ['code', 'Extract the validation of this class into a function of its own, in Java'],
  ['code', 'git rebase vs merge, when should a team use which?'],
  ['code', 'nginx returns 502 bad gateway, upstream timed out. What should I check?'],
  ['code', 'What does chmod 755 mean?'],
  ['code', 'Set up a VLAN on a router so that guests cannot reach my server'],
  ['code', 'Wie richte ich einen Reverse Proxy für meinen Homeserver ein?'],
  ['code', 'Comment configurer un pare-feu pour n’autoriser que ssh ?'],
  ['code', '如何优化数据库查询速度'],
  ['code', 'Как обновить прошивку роутера?'],
  ['code', 'There is a bug in this.\nif [ $# -lt 2 ]; then\n  echo "Usage: $0 $1"\nfi'],
  ['math', 'Solve for x: 3x + 5 = 20'],
  ['math', 'A shirt costs $40 after a discount of 20 %. What was the original price?'],
  ['math', 'Wie groß ist die Wahrscheinlichkeit, mit zwei Würfeln eine Sieben zu würfeln?'],
  ['math', 'What is the derivative of x^2?'],
  ['math', 'What is 12 * 34?'],
  ['math', 'Prove that the sum of two even numbers is even'],
  ['math', '证明：两个偶数的和是偶数'],
  ['writing', 'Write a short story about a lighthouse keeper'],
  ['writing', 'Draft an email to my landlord about the heating'],
  ['writing', 'Compose a haiku on autumn'],
  ['writing', 'Schreibe ein Gedicht über den Herbst'],
  ['writing', 'Écris un poème sur la mer'],
  ['writing', '写一篇关于春天的散文'],
  ['writing', `Summarise this:\n${function_}`],
  ['translation', 'Translate this sentence into German: Where is the station?'],
  ['translation', 'Put the following into French: good evening'],
  ['translation', 'Übersetze das ins Englische: Guten Morgen'],
  ['translation', '把这句话翻译成英文：早上好'],
  ['extraction', 'Extract all dates and names from this letter: …'],
  ['extraction', 'Give me the named entities in this text as JSON'],
  ['embedding', 'Embed the following text: the quick brown fox'],
  ['chat', 'Hello, how are you today?'],
  ['chat', 'thanks'],
  ['chat', 'Hallo!'],
  ['writing', 'Compose a wedding toast for my brother'],
  ['writing', 'Сочини рассказ о коте, который умел летать'],
  ['other', 'What is the capital of France?'],
  ['other', 'What is the function of the liver?'],
  ['other', 'How do I get red wine out of a carpet?'],
  ['other', ''],
  ['other', '日本の首都はどこですか'],
])('%s: %s', (kind, prompt) => {
  expect(classify(prompt)).toBe(kind);
});

test.each(['My functional training plan', 'What do barcode scanners cost?'])(
  'a word inside another word decides nothing: %s',
  (prompt) => {
    expect(classify(prompt)).not.toBe('code');
  },
);

test('of a long prompt the beginning and the end are looked at', () => {
  const middle = 'lorem ipsum '.repeat(1_000);
  expect([
    classify(`Translate this into German: ${middle}`),
    classify(`${middle}\nTranslate the above into German.`),
    classify(`${middle} translate into German ${middle}`),
  ]).toEqual(['translation', 'translation', 'other']);
});

test.each(['a', ' ', '(', '\n', 'a.', '<a ', '$x', '你', 'a\n', '{;'])(
  'a megabyte of %j is told like a page of it',
  (piece) => {
    expect(classify(piece.repeat(1_000_000 / piece.length))).toBe(classify(piece.repeat(4_000 / piece.length)));
  },
);
