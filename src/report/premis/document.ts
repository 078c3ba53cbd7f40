/** How a PREMIS 3 document begins. Objects follow, then events, then agents. */
export const PREMIS_BEGIN = `<?xml version="1.0" encoding="UTF-8"?>
<premis xmlns="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">
`;

/** How it ends. */
export const PREMIS_END = "</premis>\n";
