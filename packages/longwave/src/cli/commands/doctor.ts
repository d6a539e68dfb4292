import process from 'node:process';
import { type Command, Option } from 'commander';
import { secondsOption } from '../client-options.js';
import { examine } from '../doctor/examine.js';
import { formatFinding, formatSummary } from '../doctor/format.js';
import { toTarget } from '../doctor/wire/target.js';
import type { ExitCode } from '../exit-codes.js';

interface DoctorFlags {
  readonly token?: string;
  readonly path?: string;
  readonly origin?: string;
  readonly idle: number;
  readonly timeout: number;
  readonly insecure?: boolean;
  readonly json?: boolean;
}

export function addDoctor(program: Command, done: (code: Promise<ExitCode>) => void): void {
  program
    .command('doctor')
    .addArgument(program.createArgument('<url>', 'the server, as its clients name it'))
    .summary('say which transports get through to a server, and what stands in between')
    .description(
      'Looks at a server the way its clients do: name, TLS, WebSocket, streaming, long polling, requests beside them. Reports ' +
        'how a proxy in between treats each, the consequences, and the changes to make.',
    )
    .addOption(new Option('-t, --token <token>', "token for the server's authenticate").env('LONGWAVE_TOKEN'))
    .option('--path <path>', 'path of the endpoint (default: /longwave below the path of the URL)')
    .option('--origin <origin>', "origin of the pages that connect (default: the server's own)")
    .addOption(
      secondsOption('--idle <seconds>', 'leave each transport idle for that long, to see whether something cuts it', 0),
    )
    .addOption(secondsOption('--timeout <seconds>', 'how long one answer may take', 5))
    .option('--insecure', 'hold a certificate that is not trusted against nothing')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nExits with 0 when all transports work, 1 when clients get through with a fallback, 2 when nobody does.\n',
    )
    .action((url: string, flags: DoctorFlags) => done(diagnose(url, flags)));
}

async function diagnose(url: string, flags: DoctorFlags): Promise<ExitCode> {
  const { token, path, origin, idle: idleMs, timeout: timeoutMs, insecure = false, json = false } = flags;
  const target = toTarget(url, { token, origin, timeoutMs, ...(path !== undefined && { path }) });
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const coloured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const report = await examine(target, {
    idleMs,
    insecure,
    ...(!json && { onFinding: (finding) => print(formatFinding(finding, coloured)) }),
  });
  print(json ? JSON.stringify(report, undefined, 2) : formatSummary(report, coloured));
  return report.exitCode;
}
