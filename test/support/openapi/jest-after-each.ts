import { AnswerWatch } from './watch-answers.js';

// In every test file: nobody has to remember it, and no request is left out.
const watch = new AnswerWatch();
globalThis.fetch = watch.over(globalThis.fetch);

const complain = async () => {
  const faults = await watch.faults();
  if (faults.length === 0) return;
  const told = faults.map((fault) => `  ${fault}`).join('\n');
  throw new Error(`Answers that are not as openapi.json has them:\n${told}`);
};
afterEach(complain);
afterAll(complain);
