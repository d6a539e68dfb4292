import { depth } from './depth.mjs';
import { echo } from './echo.mjs';
import { fanOut } from './fan-out.mjs';
import { idle } from './idle.mjs';
import { resume } from './resume.mjs';
import { rooms } from './rooms.mjs';
import { slow } from './slow.mjs';
import { storm } from './storm.mjs';

/** In the order of the report. */
export const benchmarks = [fanOut, depth, rooms, echo, idle, storm, resume, slow];
