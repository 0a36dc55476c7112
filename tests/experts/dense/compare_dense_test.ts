import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { compareDense, denseTwin } from "@fewer-bytes/experts";
import { estimate } from "@fewer-bytes/roofline";
import { parameters } from "@fewer-bytes/transformer";

const hardware = findHardware("nvidia-h200-sxm");

Deno.test("a mixture is as fast as its active twin alone and in a crowd, and as its whole twin between", () => {
  for (const name of ["mixtral-8x7b", "qwen3-30b-a3b", "deepseek-v3", "gpt-oss-120b"]) {
    const model = findModel(name);
    const points = compareDense({ model, hardware }, [1, 128, 65_536], 0);
    const [alone, some, crowd] = points;
    assertAlmostEquals(alone!.overActive, 1, 0.01);
    assertAlmostEquals(some!.mixture / some!.total, 1, 0.12);
    assert(crowd!.overActive < 1.05 && crowd!.overActive > 0.9);
    const { active, total } = parameters(model);
    assert(points.every(({ overActive }) => overActive < total / active * 1.01));
  }
});

Deno.test("compareDense() times what estimate() times", () => {
  const deployment = { model: findModel("qwen3-30b-a3b"), hardware };
  const [point] = compareDense(deployment, [8], 1000);
  const time = (model: typeof deployment.model) =>
    estimate({ ...deployment, model }, { promptTokens: 1000, outputTokens: 1, batch: 8 })
      .timePerOutputToken;
  assertAlmostEquals(point!.mixture / time(deployment.model), 1, 1e-9);
  assertAlmostEquals(point!.active / time(denseTwin(deployment.model, "active")), 1, 1e-9);
  assertAlmostEquals(point!.overActive, point!.mixture / point!.active, 1e-12);
});

Deno.test("compareDense() gives a point for each batch, with the share of experts read", () => {
  const points = compareDense({ model: findModel("mixtral-8x7b"), hardware }, [1, 4, 64], 500);
  assertEquals(points.map(({ batch }) => batch), [1, 4, 64]);
  assertAlmostEquals(points[0]!.read, 0.25, 1e-12);
  assertAlmostEquals(points[2]!.read, 1, 1e-6);
  const dense = { model: findModel("gpt2"), hardware };
  assertThrows(() => compareDense(dense, [1], 0), RangeError, "must have some");
});
