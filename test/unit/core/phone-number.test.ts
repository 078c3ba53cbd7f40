import { describe, expect, test } from "vitest";
import { isPhoneNumber, sameNumber } from "../../../src/core/phone-number.ts";

function compare(one: string, other: string): boolean | undefined {
  const same = sameNumber(one, other);
  expect(sameNumber(other, one)).toBe(same);
  return same;
}

describe("one number, written", () => {
  test.each([
    ["+4930123456", "+49 30 123-456"],
    ["+4930123456", "004930123456"],
    ["+4930123456", "4930123456"],
    ["+4930123456", "sip:+4930123456@pbx.example:5061;transport=tls"],
    ["+4930123456", "SIPS:+4930123456@pbx.example"],
    ["+4930123456", "+4930123456@pbx.example"],
    ["+4930123456", '"Müller, A." <sip:+4930123456@pbx.example>;tag=1'],
    ["+4930123456", "tel:+49-30-123456;ext=7"],
    ["+49 (0)30 123456", "+49(0)30/123456"],
    ["(030) 12.34/56", "030 123456"],
    ["1001", "sip:1001@pbx.example"],
    ["alice", "sip:alice@pbx.example"],
  ])("%s as %s", (one, other) => {
    expect(compare(one, other)).toBe(true);
  });
});

describe("two numbers", () => {
  test.each([
    ["+4930123456", "+4930123457"],
    ["+4930123456", "+49301234567"],
    ["+4930123456", "+4340123456"],
    ["+4930123456", "030123457"],
    ["+4930123456", "+49 (0)30 123457"],
    ["030123456", "030123457"],
  ])("%s and %s", (one, other) => {
    expect(compare(one, other)).toBe(false);
  });
});

describe("nothing is guessed, so that it cannot be told of", () => {
  test.each([
    ["+4930123456", "030123456"],
    ["+4930123456", "30123456"],
    ["+4930123456", "+49 (0)30 123456"],
    ["+74951234567", "8 495 123-45-67"],
    ["+4930123456", "3456"],
    ["+4930123456", "1001@pbx.example"],
    ["+4930123456", "anonymous"],
    ["+4930123456", "user_123456@pbx.example"],
    ["user_12", "user_112"],
    ["alice", "Alice"],
    ["", "+4930123456"],
  ])("%s and %s", (one, other) => {
    expect(compare(one, other)).toBeUndefined();
  });
});

test.each([
  ["+49 30 1", true],
  ["sip:1001@pbx", true],
  ["user_12@pbx", false],
  ["+", false],
  ["", false],
  ["pbx.example", false],
])("%j is a number: %j", (text, expected) => {
  expect(isPhoneNumber(text)).toBe(expected);
});
