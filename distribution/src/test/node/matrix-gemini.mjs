// Google's own SDK, for matrix.mjs.
import { GoogleGenAI } from '@google/genai';

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [{ functionDeclarations: [{ name: 'weather', description: 'The weather', parametersJsonSchema: schema }] }];

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
    async text(model, said, stream, abortSignal) {
      const config = { systemInstruction: 'Be brief.', abortSignal };
      const { text, last } = await ask(stream, { model, contents: [user({ text: said })], config });
      const { promptTokenCount: input, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = last.usageMetadata;
      return { text, finish: last.candidates[0].finishReason, input, output: candidatesTokenCount + thoughtsTokenCount };
    },
    async tool(model, said, result, stream) {
      const contents = [user({ text: said })];
      const { parts } = await ask(stream, { model, contents, config: { tools } });
      const { id, name, args } = parts.find((part) => part.functionCall).functionCall;
      const calling = { role: 'model', parts: parts.filter((part) => part.functionCall) };
      const told = user({ functionResponse: { id, name, response: { output: result } } });
      const { text } = await ask(stream, { model, contents: [...contents, calling, told], config: { tools } });
      return { args, answer: text };
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
