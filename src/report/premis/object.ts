import { type Identifier, toIdentifier } from "./identifier.ts";
import { type Term, toOwnTerm, toTerm } from "./terms.ts";
import { toXmlName, toXmlText } from "./xml-text.ts";

/** A digest of a file, and whose it is. */
export interface Fixity {
  readonly algorithm: Term<"cryptographicHashFunctions">;
  readonly digest: string;
  /** Who computed it first. */
  readonly originator: string;
}

/** What a file's bytes are. */
export interface PremisFormat {
  readonly name: string;
  /** Its key in the registry PRONOM, where it is certain. */
  readonly pronom?: string | undefined;
  readonly notes: readonly string[];
}

/** What is known of a file, beside its names. */
export interface FileCharacteristics {
  readonly fixities: readonly Fixity[];
  readonly sizeBytes?: number;
  readonly format: PremisFormat;
  readonly madeBy?: string;
}

/** How an object stands to another one. */
export interface Relationship {
  readonly type: Term<"relationshipType">;
  readonly subType: Term<"relationshipSubType">;
  readonly to: Identifier;
  /** By which event it came about. */
  readonly event?: Identifier;
}

/** A file, or, without characteristics, an intellectual entity. */
export interface PremisObject {
  /** At least one. */
  readonly identifiers: readonly Identifier[];
  readonly properties?: readonly { readonly type: string; readonly value: string }[];
  readonly characteristics?: FileCharacteristics;
  readonly originalName?: string;
  readonly relationships?: readonly Relationship[];
  readonly events?: readonly Identifier[];
}

/**
 * Writes an object.
 *
 * @see PREMIS Data Dictionary 3.0 section 1
 */
export function toObject(object: PremisObject): string {
  const { identifiers, properties = [], characteristics, originalName, relationships = [], events = [] } = object;
  return [
    `<object xsi:type="${characteristics === undefined ? "intellectualEntity" : "file"}">\n`,
    ...identifiers.map((identifier) => toIdentifier("objectIdentifier", identifier)),
    ...properties.map(toProperty),
    characteristics === undefined ? "" : toCharacteristics(characteristics),
    originalName === undefined ? "" : `<originalName>${toXmlName(originalName)}</originalName>\n`,
    ...relationships.map(toRelationship),
    ...events.map((event) => toIdentifier("linkingEventIdentifier", event)),
    "</object>\n",
  ].join("");
}

function toProperty({ type, value }: { readonly type: string; readonly value: string }): string {
  const inside = `${toOwnTerm("significantPropertiesType", type)}${toOwnTerm("significantPropertiesValue", value)}`;
  return `<significantProperties>\n${inside}</significantProperties>\n`;
}

function toCharacteristics({ fixities, sizeBytes, format, madeBy }: FileCharacteristics): string {
  return [
    "<objectCharacteristics>\n",
    ...fixities.map(toFixity),
    sizeBytes === undefined ? "" : `<size>${sizeBytes}</size>\n`,
    toFormat(format),
    madeBy === undefined ? "" : toCreatingApplication(madeBy),
    "</objectCharacteristics>\n",
  ].join("");
}

function toFixity({ algorithm, digest, originator }: Fixity): string {
  return `<fixity>
${toTerm("messageDigestAlgorithm", "cryptographicHashFunctions", algorithm)}${toOwnTerm("messageDigest", digest)}${toOwnTerm("messageDigestOriginator", originator)}</fixity>
`;
}

function toFormat({ name, pronom, notes }: PremisFormat): string {
  return `<format>
<formatDesignation><formatName>${toXmlText(name)}</formatName></formatDesignation>
${pronom === undefined ? "" : toRegistry(pronom)}${notes.map((note) => toOwnTerm("formatNote", note)).join("")}</format>
`;
}

function toRegistry(key: string): string {
  const inside = `${toOwnTerm("formatRegistryName", "PRONOM")}${toOwnTerm("formatRegistryKey", key)}`;
  return `<formatRegistry>\n${inside}</formatRegistry>\n`;
}

function toCreatingApplication(name: string): string {
  return `<creatingApplication>\n${toOwnTerm("creatingApplicationName", name)}</creatingApplication>\n`;
}

function toRelationship({ type, subType, to, event }: Relationship): string {
  return [
    "<relationship>\n",
    toTerm("relationshipType", "relationshipType", type),
    toTerm("relationshipSubType", "relationshipSubType", subType),
    toIdentifier("relatedObjectIdentifier", to),
    event === undefined ? "" : toIdentifier("relatedEventIdentifier", event),
    "</relationship>\n",
  ].join("");
}
