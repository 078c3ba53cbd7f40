import { splitTagLines, type TagFile } from "./tag-file.ts";

/** A metadata element of `bag-info.txt`; labels may be repeated. */
export interface BagInfoElement {
  readonly label: string;
  /** The lines of a long value are joined with LF, without their indentation. */
  readonly value: string;
}

/**
 * Reads `bag-info.txt`, or `package-info.txt` of old bags.
 *
 * @returns the elements in their order.
 * @see RFC 8493 section 2.2.2
 */
export function parseBagInfo(text: string, file: TagFile): readonly BagInfoElement[] {
  const elements: { label: string; value: string[] }[] = [];
  for (const [at, line] of splitTagLines(text).entries()) {
    const last = elements.at(-1);
    if (/^[ \t]*$/.test(line)) file.notes.add({ grade: "remark", subject: file.name, message: "it has empty lines" });
    else if (/^[ \t]/.test(line) && last !== undefined) last.value.push(line.trim());
    else {
      const element = readElement(line, at + 1, file);
      if (element !== undefined) elements.push(element);
    }
  }
  return elements.map(({ label, value }) => ({ label, value: value.join("\n") }));
}

function readElement(line: string, lineNumber: number, { name, version, notes }: TagFile) {
  const example = `line ${lineNumber}`;
  const colonAt = line.indexOf(":");
  const [label, value] = [line.slice(0, Math.max(colonAt, 0)), line.slice(colonAt + 1)];
  if (label.trim() === "") {
    notes.add({
      grade: "not-conforming",
      subject: name,
      message: "lines are not a label, a colon and a value",
      example,
    });
    return undefined;
  }
  // Before 1.0 any white space around the colon must be accepted.
  if (version === "1.0" && label !== label.trim()) {
    notes.add({ grade: "not-conforming", subject: name, message: "there is white space around labels", example });
  } else if (version === "1.0" && !/^[ \t](?![ \t])/.test(value)) {
    notes.add({ grade: "remark", subject: name, message: "not one space stands behind the colon", example });
  }
  return { label: label.trim(), value: [value.trim()] };
}
