// Every code has words; a code from the future speaks for itself.
import { expect, test, vi } from "vitest";
import { CODES, detailsOf, offer, remedyLabel, sentence, wordsFor } from "./words";

const failure = (code: string, message = "attempted this", hint = "do that") => ({ code, message, hint });

test.each(CODES)("%s says what happened, in a sentence of ours", (code) => {
  const words = wordsFor(failure(code));
  expect(words.title).toMatch(/^[A-Z].*[^.]$/u);
  expect(words.text === "" || /[.]$/u.test(words.text)).toBe(true);
  expect(words.title).not.toContain(code);
  expect(["calm", "attention", "broken"]).toContain(words.tone);
  expect(words.remedy === null || remedyLabel(words.remedy).length > 0).toBe(true);
});

test("no two codes say the same", () => {
  expect(new Set(CODES.map((code) => wordsFor(failure(code)).title)).size).toBe(CODES.length);
});

test("an unknown code speaks with core's words", () => {
  expect(wordsFor(failure("from_the_future"))).toMatchObject({ title: "Attempted this.", text: "Do that." });
  expect(wordsFor({ code: "from_the_future", message: "", hint: "" }).title).toBe("Something went wrong");
});

test("names that every object has are not codes", () => {
  expect(wordsFor(failure("constructor")).title).toBe("Attempted this.");
});

test("core's words become sentences", () => {
  expect(sentence("the keychain is locked")).toBe("The keychain is locked.");
  expect(sentence("  ")).toBe("");
  expect(detailsOf(failure("x", "a", ""))).toBe("A.");
});

test("only what the place can do is offered", () => {
  const again = vi.fn();
  const offered = offer(failure("throttled"), { try_again: again });
  offered.act?.run();
  expect(offered.act?.label).toBe("Try again");
  expect(again).toHaveBeenCalledOnce();
  expect(offer(failure("throttled"), { sign_in: again }).act).toBeNull();
});
