import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { parseTrace } from "@fewer-bytes/serving";

Deno.test("parseTrace() reads the headings of Azure, BurstGPT and Sarathi-Serve", () => {
  const azure = parseTrace(
    "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n" +
      "2023-11-16 18:17:04.0319600,3180,8\r\n",
  );
  assertAlmostEquals(azure.arrival[1]!, 0.052, 1e-6);
  assertEquals([...azure.promptTokens], [4808, 3180]);
  const burst = parseTrace(
    "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n" +
      "5,ChatGPT,472,18,490,Conversation log\n45,ChatGPT,1087,230,1317,Conversation log\n",
  );
  assertEquals([...burst.arrival], [0, 40]);
  assertEquals([...burst.outputTokens], [18, 230]);
  const vidur = parseTrace("arrived_at,num_prefill_tokens,num_decode_tokens\n0.5,374,44\n");
  assertEquals([...vidur.promptTokens], [374]);
});

Deno.test("parseTrace() sorts by time and keeps prefixes and pauses", () => {
  const trace = parseTrace(
    "time,prompt_tokens,output_tokens,prefix,prefix_tokens,pause_after,pause_seconds\n" +
      "9,10,20,-1,0,0,0\n4,30,40,1,16,5,2.5\n",
  );
  assertEquals([...trace.arrival, ...trace.promptTokens], [0, 5, 30, 10]);
  assertEquals([...trace.prefix!, ...trace.pauseAfter!, ...trace.pauseSeconds!], [
    1,
    -1,
    5,
    0,
    2.5,
    0,
  ]);
});

Deno.test("parseTrace() refuses a trace with holes, and names the line", () => {
  const refused = (rows: string, message: string) =>
    assertThrows(() => parseTrace(`time,prompt_tokens,output_tokens\n${rows}`), Error, message);
  refused(
    "1,20,3\n2,,4\n",
    'line 3 must have a number >= 1 for prompt_tokens: current value is ""',
  );
  refused("1,20\n", "line 2 must have a number >= 1 for output_tokens");
  refused("1,20,many\n", 'current value is "many"');
  refused("soon,20,1\n", 'for time: current value is "soon"');
  refused("1,20,0\n", 'current value is "0"');
  refused("1,2.5,3\n", "promptTokens must be a whole number");
  refused("", "there must be at least one");
  assertThrows(
    () => parseTrace("time,prompt_tokens,output_tokens,prefix\n1,20,3,0\n"),
    SyntaxError,
    "prefix goes with prefix_tokens",
  );
  assertThrows(() => parseTrace("time,prompt_tokens\n"), SyntaxError, "a column for outputTokens");
});
