/** Which end of the connection this is: it decides on masking (RFC 6455 §5.1) and on who ends the transport (§7.1.1). */
export type Role = 'server' | 'client';
