import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { decodeMessage, encodeMessage, request, sign } from "../../../kit/kernel/message.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("sign() gives the HMAC-SHA256 of RFC 4231, test case 2, however the text is cut", () => {
  const expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  assertEquals(sign("Jefe", [bytes("what do ya want for nothing?")]), expected);
  assertEquals(
    sign("Jefe", [bytes("what do ya "), bytes(""), bytes("want for nothing?")]),
    expected,
  );
});

Deno.test("decodeMessage() gives back what encodeMessage() made, behind any routing frames", () => {
  const message = request("session", "execute_request", { code: "π" });
  assertEquals(decodeMessage("key", [bytes("peer"), ...encodeMessage("key", message)]), message);
});

Deno.test("decodeMessage() refuses a message of which any part was changed", () => {
  const frames = encodeMessage("key", request("session", "execute_request", { code: "1" }));
  for (let part = 1; part < frames.length; part++) {
    const changed = frames.map((frame) => frame.slice());
    const frame = changed[part]!;
    frame[frame.length - 1]! ^= 1;
    assertThrows(() => decodeMessage("key", changed), SyntaxError, "signature");
  }
});

Deno.test("decodeMessage() refuses a message that was signed with another key, or not at all", () => {
  const frames = encodeMessage("other", request("session", "status", {}));
  assertThrows(() => decodeMessage("key", frames), SyntaxError, "signature");
  frames[1] = bytes("");
  assertThrows(() => decodeMessage("key", frames), SyntaxError, "signature");
});

Deno.test("decodeMessage() refuses frames that are no message", () => {
  assertThrows(() => decodeMessage("key", []), SyntaxError, "current value has 0 frames");
  assertThrows(
    () => decodeMessage("key", [bytes("<IDS|MSG>"), bytes("ab")]),
    SyntaxError,
    "four parts",
  );
});

Deno.test("request() gives every message an identity of its own", () => {
  assertNotEquals(request("s", "t", {}).header.msg_id, request("s", "t", {}).header.msg_id);
});
