import { expect, test } from "vitest";
import { escapeHtml, toVisibleHtml } from "../../../src/report/html-text.ts";

test("nothing can end an element or an attribute", () => {
  expect(escapeHtml(`<a href='x' title="y">&amp;`)).toBe("&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;amp;");
});

test.each([
  ["a bidirectional override", "\u202E", "U+202E"],
  ["an isolate", "\u2067", "U+2067"],
  ["a zero-width space", "\u200B", "U+200B"],
  ["a line feed", "\n", "U+000A"],
  ["an escape", "\u001B", "U+001B"],
  ["a control of the second set", "\u009B", "U+009B"],
  ["half of a pair", "\uD800", "U+D800"],
  ["a line separator", "\u2028", "U+2028"],
  ["a space that is none of ours", "\u00A0", "U+00A0"],
  ["a filler that is a letter", "\u3164", "U+3164"],
  ["a tag", "\u{E0041}", "U+E0041"],
])("%s is seen", (_, character, words) => {
  expect(toVisibleHtml(`a${character}b`)).toBe(`a<span class=hidden>${words}</span>b`);
});

test.each(["a  b.wav", "Grüße.wav", "שיחה.wav", "통화 녹음.wav", "📞.wav", "U+202E.wav"])("%s stays", (text) => {
  expect(toVisibleHtml(text)).toBe(text);
});
