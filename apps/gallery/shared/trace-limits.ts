/** How much of each frame a trace shows. */
export const traceFrameBytes = 256;

/** 128 random bits in hex: who does not know it cannot watch. */
export const traceIdPattern: RegExp = /^[0-9a-f]{32}$/;
