/*
 * What stands where in a package, and under which names. All of it is a BagIt bag.
 */

/** What the package says of itself; a tag file. */
export const DESCRIPTOR_NAME = "holdfast-export.json";

/** In plain words how the package is checked; a tag file. */
export const README_NAME = "README.txt";

/** The page for a person without any program of ours; a tag file. */
export const REVIEW_PAGE_NAME = "review/index.html";

/** The tag manifest that is signed and time-stamped: it covers all else, through the manifests that it lists. */
export const SIGNED_MANIFEST_NAME = "tagmanifest-sha256.txt";

/** The SSH signature over {@link SIGNED_MANIFEST_NAME}; no manifest can list it. */
export const SIGNATURE_NAME = `${SIGNED_MANIFEST_NAME}.sig`;

/** The line by which `ssh-keygen -Y verify` knows the key of {@link SIGNATURE_NAME}; a tag file. */
export const ALLOWED_SIGNERS_NAME = "allowed_signers";

/** The answer of a time stamping authority over {@link SIGNED_MANIFEST_NAME} (RFC 3161); no manifest can list it. */
export const TIME_STAMP_NAME = `${SIGNED_MANIFEST_NAME}.tsr`;

/** What a signature under a package is for: that of files in general, which is what a reader of ssh-keygen(1) tries first. */
export const SIGNATURE_NAMESPACE = "file";

/** The recordings as they are in the archive, byte for byte. */
export const ORIGINALS_FOLDER = "data/originals";

/** Copies for listening. */
export const LISTENING_FOLDER = "data/listening";

/** The archive's records of the recordings, byte for byte; also of those that were removed. */
export const RECORDS_FOLDER = "data/records";

/** What the ledger tells of the recordings, each event with what proves that it is in the ledger. */
export const CUSTODY_NAME = "data/custody.jsonl";

/** The ledger's signed head, to which the proofs lead. */
export const CHECKPOINT_NAME = "data/custody-checkpoint.txt";

/** The preservation metadata (PREMIS 3.0). */
export const PREMIS_NAME = "data/premis.xml";

/** Where the load file stands. */
export const LOAD_FILE_FOLDER = "data/loadfile";

/** Review platforms take no more in one folder. */
export const MAX_FILES_IN_FOLDER = 5000;
