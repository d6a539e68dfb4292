export { Assembler } from '../format/assembler.js';
