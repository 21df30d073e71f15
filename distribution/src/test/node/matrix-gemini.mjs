// Google's own SDK, for matrix.mjs.
import { GoogleGenAI } from '@google/genai';

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

export function gemini(gateway, apiKey) {
  const { models } = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway, timeout: 20_000 } });
  const user = (...parts) => ({ role: 'user', parts });

  async function ask(stream, request) {
    const answers = [];
    if (stream) {
      for await (const piece of await models.generateContentStream(request)) answers.push(piece);
    } else {
      answers.push(await models.generateContent(request));
    }
    const parts = answers.flatMap((answer) => answer.candidates?.[0].content?.parts ?? []);
    return { parts, text: parts.map((part) => part.text ?? '').join(''), last: answers.at(-1) };
  }

  return {
    name: '@google/genai',
    stop: 'STOP',
    status: (error) => error.status,
    kinds: (error) => [JSON.parse(error.message).error.status],
    async text(model, said, stream, abortSignal) {
      const config = { systemInstruction: 'Be brief.', abortSignal };
      const { text, last } = await ask(stream, { model, contents: [user({ text: said })], config });
      const { promptTokenCount: input, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = last.usageMetadata;
      return { text, finish: last.candidates[0].finishReason, input, output: candidatesTokenCount + thoughtsTokenCount };
    },
    async tools(model, said, names, run, stream) {
      const tools = [{ functionDeclarations: names.map((name) => ({ name, parametersJsonSchema: schema })) }];
      const contents = [user({ text: said })];
      const { parts } = await ask(stream, { model, contents, config: { tools } });
      const calling = parts.filter((part) => part.functionCall);
      const calls = calling.map(({ functionCall: { name, args } }) => ({ name, args }));
      const told = calling.map(({ functionCall: { id, name, args } }) => ({
        functionResponse: { id, name, response: { output: run(args) } },
      }));
      contents.push({ role: 'model', parts: calling }, user(...told.reverse()));
      return { calls, answer: (await ask(stream, { model, contents, config: { tools } })).text };
    },
    async picture(model, said, data, stream) {
      const contents = [user({ text: said }, { inlineData: { mimeType: 'image/png', data } })];
      return (await ask(stream, { model, contents })).text;
    },
    async shaped(model, said, stream) {
      const config = { responseMimeType: 'application/json', responseJsonSchema: schema };
      return JSON.parse((await ask(stream, { model, contents: [user({ text: said })], config })).text);
    },
  };
}
