import { toXmlText } from "./xml-text.ts";

const VOCABULARY = "http://id.loc.gov/vocabulary/preservation";

/** The words of the Library of Congress that are used here, with their codes. */
const CODES = {
  eventType: {
    creation: "cre",
    deletion: "del",
    encryption: "enc",
    "fixity check": "fix",
    "information package creation": "ipc",
    ingestion: "ing",
    "metadata modification": "mem",
    "policy assignment": "poa",
    quarantine: "qua",
  },
  eventOutcome: { success: "suc", fail: "fai", warning: "war" },
  agentType: { software: "sof", person: "per", organization: "org", hardware: "har" },
  eventRelatedAgentRole: { "executing program": "exe", implementer: "imp" },
  eventRelatedObjectRole: { source: "sou", outcome: "out" },
  relationshipType: { derivation: "der", structural: "str" },
  relationshipSubType: { "has Source": "hss", "is Part Of": "isp", "is Source Of": "iso", represents: "rep" },
  cryptographicHashFunctions: { "SHA-256": "sha256", "SHA-512": "sha512" },
} as const;

type Vocabulary = keyof typeof CODES;

/** A word of a vocabulary of the Library of Congress. */
export type Term<V extends Vocabulary> = keyof (typeof CODES)[V] & string;

/**
 * Writes a word of a vocabulary of the Library of Congress, with its address.
 *
 * @see http://id.loc.gov/vocabulary/preservation.html
 */
export function toTerm<V extends Vocabulary>(element: string, vocabulary: V, word: Term<V>): string {
  // The vocabulary's own address is where the word's begins: it is not written a hundred thousand times.
  const valueUri = `${VOCABULARY}/${vocabulary}/${CODES[vocabulary][word]}`;
  return `<${element} authority="${vocabulary}" valueURI="${valueUri}">${word}</${element}>\n`;
}

/** Writes a word of our own, for which no authority speaks. */
export function toOwnTerm(element: string, word: string): string {
  return `<${element}>${toXmlText(word)}</${element}>\n`;
}
