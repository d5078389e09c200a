/**
 * Installs what package-lock.json asks for, when it is not installed yet: the first step of `npm start`, `npm test`,
 * `npm run check` and `npm run e2e`. After it their shell must look `node` up again (`hash -r`): it is the project's
 * own then. A fresh clone has the machine's own Node and no packages: hence plain JavaScript and Node's modules
 * only. It is no `prestart`, which npm skips where install scripts are off (`ignore-scripts`).
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import './install-hooks.js';

const OLDEST_NODE = 20;
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.cartograph-lock-hash');
const stateDir = path.join(root, '.cartograph');
// Outside node_modules, which `npm ci` removes first.
const lock = path.join(stateDir, 'install.lock');

class InstallError extends Error {}

function lockfileHash() {
  try {
    const lockfile = fs.readFileSync(path.join(root, 'package-lock.json'));
    return createHash('sha256').update(lockfile).digest('hex');
  } catch (error) {
    throw new InstallError(`Cannot read package-lock.json in ${root} (${error.code}).`);
  }
}

function isInstalled(hash) {
  try {
    return fs.readFileSync(stamp, 'utf8').trim() === hash;
  } catch {
    return false;
  }
}

function checkWritable() {
  try {
    fs.accessSync(root, fs.constants.W_OK);
    if (fs.existsSync(modules)) fs.accessSync(modules, fs.constants.W_OK);
    fs.mkdirSync(stateDir, { recursive: true });
    fs.accessSync(stateDir, fs.constants.W_OK);
  } catch (error) {
    throw new InstallError(
      `The packages can't be installed: ${error.path ?? root} is not writable (${error.code}).`,
    );
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The pids in the lock: this script's, and the `npm ci` it started, which may outlive it. */
function readHolders(folder) {
  try {
    return fs.readFileSync(path.join(folder, 'pids'), 'utf8');
  } catch {
    return '';
  }
}

function writeHolders(...pids) {
  fs.writeFileSync(path.join(lock, 'pids'), pids.join(' '));
}

/** A lock is stale when none of its processes runs; one without pids is being created. */
function isStale(holders) {
  // In a container the same numbers come back: this process's own is not the holder's.
  const pids = holders.split(' ').map(Number);
  if (holders !== '') return pids.includes(process.pid) || !pids.some(isAlive);
  try {
    return Date.now() - fs.statSync(lock).mtimeMs > 5_000;
  } catch {
    return false;
  }
}

function removeStaleLock(holders) {
  const aside = `${lock}.${process.pid}`;
  try {
    fs.renameSync(lock, aside);
    // Another process may have put its own lock in the stale one's place just before the rename.
    if (readHolders(aside) === holders) fs.rmSync(aside, { recursive: true });
    else fs.renameSync(aside, lock);
  } catch {
    // Another process was quicker; the next round sees whose lock it is.
  }
}

async function takeLock() {
  let isReported = false;
  for (;;) {
    try {
      fs.mkdirSync(lock);
      writeHolders(process.pid);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw new InstallError(`The packages can't be installed: ${error.message}.`);
      }
    }
    const holders = readHolders(lock);
    if (isStale(holders)) {
      removeStaleLock(holders);
      continue;
    }
    if (!isReported) {
      console.log('Another process is installing the packages; waiting for it ...');
      console.log(`If there is none, remove ${lock}.`);
    }
    isReported = true;
    await sleep(200);
  }
}

function npmCi() {
  // Errors only: npm itself still runs on the machine's Node, about which packages would complain.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath ?? '';
  // npm_execpath is yarn's or pnpm's own file when they run the script.
  const byPath = path.basename(npm) === 'npm-cli.js';
  const child = byPath
    ? spawn(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawn('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (child.pid) writeHolders(process.pid, child.pid);
  // A terminal's Ctrl-C reaches npm as well: wait for it to end, so that the lock goes with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new InstallError(`npm could not be run (${error.message}).`)),
    );
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new InstallError(`npm ci failed (${signal ?? `exit code ${code}`}); see above.`));
    });
  });
}

function checkRuntime() {
  const bin = path.join(modules, 'node', 'bin');
  if (!['node', 'node.exe'].some((name) => fs.existsSync(path.join(bin, name)))) {
    throw new InstallError(
      'npm ci did not bring the Node runtime: allow install scripts (npm config ignore-scripts).',
    );
  }
}

async function install() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new InstallError(`Node ${OLDEST_NODE} or newer is needed; this is ${process.version}.`);
  }
  const hash = lockfileHash();
  if (isInstalled(hash)) return;
  checkWritable();
  await takeLock();
  try {
    // The process that held the lock may have installed the same packages.
    if (isInstalled(hash)) return;
    console.log('Installing the packages, which takes a minute or two ...');
    await npmCi();
    checkRuntime();
    fs.writeFileSync(stamp, `${hash}\n`);
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
}

try {
  await install();
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
