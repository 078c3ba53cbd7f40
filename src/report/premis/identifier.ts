import { toXmlName } from "./xml-text.ts";

/** By what an object, an event or an agent is known: type and value together. */
export interface Identifier {
  readonly type: string;
  /** It may be a name from outside: what would not be seen or kept is written percent-encoded, and so is the percent sign. */
  readonly value: string;
}

/**
 * Writes an identifier, or a link that goes to one.
 *
 * @param element - `objectIdentifier`, `linkingEventIdentifier` …: all have the same form.
 * @param behind - What stands behind type and value in the element.
 */
export function toIdentifier(element: string, { type, value }: Identifier, behind = ""): string {
  return `<${element}>
<${element}Type>${type}</${element}Type>
<${element}Value>${toXmlName(value)}</${element}Value>
${behind}</${element}>
`;
}

/** Names a file or a place; paths are names on one machine or in one package. */
export function toPathIdentifier(path: string): Identifier {
  return { type: "path, percent-encoded", value: path };
}
