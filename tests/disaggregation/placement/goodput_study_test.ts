import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  likelyPools,
  paperPools,
  sizesOf,
  splitGoodput,
  studyCases,
  wholeGoodput,
} from "@fewer-bytes/disaggregation";

const chatbot = studyCases["chatbot 13B"];
const quick = { study: chatbot, seconds: 60, tolerance: 0.05 } as const;
const own = { ...quick, engine: "distserve" } as const;

Deno.test("splitGoodput() is what DistServe's simulator publishes for this placement, 1.56 for each device", () => {
  // README of simdistserve: ShareGPT, 200 and 100 ms, prefill on two devices and decoding on one.
  const study = { ...chatbot, objective: { timeToFirstToken: 0.2, timePerOutputToken: 0.1 } };
  const { perDevice, devices } = splitGoodput({ ...own, study, seconds: 200 }, "NVLink");
  assertEquals(devices, 3);
  assertAlmostEquals(perDevice, 1.56, 0.16);
});

Deno.test("a gain grows without end where the baseline hardly keeps the promise", () => {
  const gain = (timeToFirstToken: number) => {
    const study = { ...chatbot, objective: { timeToFirstToken, timePerOutputToken: 0.1 } };
    const long = { study, seconds: 200, tolerance: 0.05 };
    const whole = wholeGoodput({ ...long, engine: "vllm" }, "whole prompts");
    return splitGoodput({ ...long, engine: "distserve" }, "NVLink").perDevice / whole.perDevice;
  };
  const gains = [0.5, 0.28, 0.255, 0.2].map(gain);
  assert(gains[0]! < 1 && gains[1]! > 1 && gains[2]! > 2 * gains[1]!, gains.join(" "));
  assertEquals(gains[3], Infinity);
});

Deno.test("25 Gb/s loses summaries of a model that caches 2.4 MB for each token", () => {
  const setup = { ...own, study: studyCases["summaries 66B"] };
  const [fast, slow] = ["NVLink", "ethernet-25g"].map((link) => splitGoodput(setup, link));
  // One prompt of 1,738 tokens takes 1.3 s of the link, whatever the devices do.
  const bound = 3.125e9 / (1700 * 2 * 64 * 9216 * 2);
  assert(slow!.rate < 1.1 * bound && fast!.rate > 3 * slow!.rate);
  assert(slow!.perDevice < wholeGoodput(setup, "whole prompts").perDevice / 3);
});

Deno.test("wholeGoodput() and splitGoodput() take the best of what they are given", () => {
  const sizes = [1, 2, 4].map((size) => wholeGoodput(own, "chunks of 512", [size]));
  const best = wholeGoodput(own, "chunks of 512", [1, 2, 4]);
  assertEquals(best.perDevice, Math.max(...sizes.map(({ perDevice }) => perDevice)));
  const two = { prefill: { servers: 1, devices: 1 }, decode: { servers: 1, devices: 1 } };
  const both = splitGoodput(own, "NVLink", [paperPools(chatbot), two]);
  const each = [paperPools(chatbot), two].map((pools) => splitGoodput(own, "NVLink", [pools]));
  assertEquals(both.perDevice, Math.max(...each.map(({ perDevice }) => perDevice)));
});

Deno.test("a scale is a scale of both promises", () => {
  const objective = { timeToFirstToken: 0.5, timePerOutputToken: 0.2 };
  const scaled = wholeGoodput({ ...own, scale: 2 }, "whole prompts");
  const wanted = wholeGoodput({ ...own, study: { ...chatbot, objective } }, "whole prompts");
  assertEquals(scaled, wanted);
  assert(scaled.rate > wholeGoodput(own, "whole prompts").rate);
});

Deno.test("likelyPools() leads to a placement at least as good as nearly any other", () => {
  const setup = { ...own, seconds: 30, tolerance: 0.1 };
  const all = [1, 2].flatMap((reader) =>
    [1, 2].map((writer) => ({
      prefill: { servers: 1, devices: reader },
      decode: { servers: 1, devices: writer },
    }))
  );
  const likely = likelyPools(setup, 4, 3, [1, 2]);
  assertEquals(likely.length, 3);
  const [found, best] = [likely, all].map((pools) => splitGoodput(setup, "NVLink", pools));
  assert(found!.perDevice > 0.9 * best!.perDevice);
});

Deno.test("sizesOf() are the devices that hold the model, and were measured", () => {
  const study = studyCases["code 66B"];
  assertEquals(sizesOf({ study, engine: "roofline" }), [2, 4, 8]); // 132 GB of 72 GB each
  assertEquals(sizesOf({ study: chatbot, engine: "vllm" }), [1, 2, 4]);
});

Deno.test("a study refuses sizes that were not measured, links and scales that are none", () => {
  assertThrows(() => wholeGoodput(own, "whole prompts", [8]), RangeError, "they were on 1, 2, 4");
  assertThrows(() => splitGoodput(own, "string"), RangeError, "Cannot find a link");
  assertThrows(() => wholeGoodput({ ...own, scale: 0 }, "whole prompts"), RangeError, "the scale");
});
