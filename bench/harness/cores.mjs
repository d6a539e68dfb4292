// One core for the server, one for the generator. measure.c names the same two.
export const serverCore = 0;
export const generatorCore = 1;
