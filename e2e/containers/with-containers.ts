import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installPackages, makeContainerTools, type ContainerTools } from './podman.ts';
import { makeStandIns } from './stand-ins.ts';

/** Removes the folder, once nothing in it is in use: all containers of these tools are its own. */
const remove = async (folder: string, tools: ContainerTools): Promise<void> => {
  try {
    await tools.run('podman', ['pod', 'rm', '--all', '--force']);
    await tools.run('podman', ['rm', '--all', '--force', '--time', '0']);
    // What a build that failed has left.
    await tools.run('buildah', ['rm', '--all']);
    fs.rmSync(folder, { recursive: true });
  } catch (error) {
    // It must not hide what the work failed with.
    console.error(`${folder} can't be removed:`, error);
  }
};

/**
 * Works with containers whose images, networks and volumes are in a temporary folder, with stand-ins for the
 * base images. All of it is removed in the end, also when the work fails.
 * @param options.keep leaves the folder
 */
export const withContainers = async <Result>(
  work: (tools: ContainerTools) => Promise<Result>,
  options: { readonly keep?: true } = {},
): Promise<Result> => {
  await installPackages();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-containers-'));
  const tools = await makeContainerTools(folder);
  try {
    await makeStandIns(tools);
    return await work(tools);
  } finally {
    if (options.keep) console.log(`The containers' folder is ${folder}.`);
    else await remove(folder, tools);
  }
};
