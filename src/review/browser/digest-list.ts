import { element } from "./element.ts";

/** Makes a list of digests, each with a button that copies it. */
export function toDigestList(digests: readonly (readonly [label: string, hex: string | null])[]): HTMLElement {
  const known = digests.flatMap(([label, hex]) => (hex === null ? [] : [toDigest(label, hex)]));
  return element("dl", { className: "digests" }, ...known);
}

function toDigest(label: string, hex: string): HTMLElement {
  const code = element("code", {}, hex);
  const told = element("span", { role: "status" });
  const button = element("button", { type: "button", ariaLabel: `Copy ${label}` }, "Copy");
  button.addEventListener("click", async () => {
    told.replaceChildren(await copy(code, hex));
  });
  return element("div", {}, element("dt", {}, label), element("dd", {}, code, button, told));
}

/** Where a browser lets no page write to the clipboard, the digest is selected for the person to copy. */
async function copy(code: HTMLElement, hex: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(hex);
    return "copied";
  } catch {
    document.getSelection()?.selectAllChildren(code);
    return "selected: press Ctrl+C";
  }
}
