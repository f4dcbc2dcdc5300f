import { expect } from 'chai';
import { ollamaExchanges } from './corpus/ollama.js';
import { openaiExchanges } from './corpus/openai.js';
import { replay, Watching } from './corpus/replay.js';
import { responsesExchanges } from './corpus/responses.js';

describe('observeExchanges', () => {
  for (const exchange of [...ollamaExchanges, ...openaiExchanges, ...responsesExchanges]) {
    describe(`of ${exchange.title}`, () => {
      it('counts what the exchange was', () => {
        const watching = new Watching();
        replay(watching, exchange);
        expect(watching.counted()).to.have.members(exchange.counted);
      });

      it('counts the same wherever the exchange was split', () => {
        const longest = Math.max(Buffer.byteLength(exchange.request), Buffer.byteLength(exchange.answer));
        const whole = new Watching();
        const split = new Watching();
        for (let offset = 0; offset <= longest; offset++) {
          replay(whole, exchange);
          replay(split, exchange, { requestCuts: [offset], answerCuts: [offset] });
        }
        expect(split.text()).to.equal(whole.text());
      });
    });
  }
});
