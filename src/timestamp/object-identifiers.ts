/** RFC 5652 section 5.1. */
export const SIGNED_DATA = "1.2.840.113549.1.7.2";
/** RFC 3161 section 2.4.2. */
export const TST_INFO = "1.2.840.113549.1.9.16.1.4";
/** RFC 5652 section 11.1. */
export const CONTENT_TYPE = "1.2.840.113549.1.9.3";
/** RFC 5652 section 11.2. */
export const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
/** RFC 5035 section 5. */
export const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
/** RFC 5035 section 3. */
export const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
/** RFC 3161 section 2.3. */
export const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
/** RFC 5280 section 4.2.1.12. */
export const ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
/** RFC 5280 section 4.2.1. */
export const EXTENSIONS = {
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  certificatePolicies: "2.5.29.32",
  extendedKeyUsage: "2.5.29.37",
} as const;
/** RFC 5754 section 2. */
export const SHA256 = "2.16.840.1.101.3.4.2.1";
