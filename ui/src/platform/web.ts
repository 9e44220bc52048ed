/** A browser on the same machine: requests to where the page came from. */
import { asFailure, failure } from '@/api/failure';
import { sitting } from '@/api/sitting';
import type { FileRef } from '@/api/types';
import { MOST_FILES, type Picked, type PickKind, type Platform } from './index';

const ACCEPTED: Record<PickKind, string> = {
  sheet: '.xlsx,.csv',
  evidence: '.yinxin',
  policy: '.txt,.policy',
  picture: '.png,.jpg,.jpeg',
  invitation: '.yinxin-invitation',
  answer: '.yinxin-answer',
  request: '.yinxin-request',
  register_answer: '.yinxin-admission',
  warrant: '.yinxin-warrant',
};

async function answered<T>(path: string, init: RequestInit): Promise<T> {
  let response: globalThis.Response;
  let body: string;
  try {
    response = await fetch(path, { ...init, method: 'POST', credentials: 'same-origin', cache: 'no-store' });
    body = await response.text();
  } catch {
    throw failure('backend_gone');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // The program was started anew: this browser's cookie opens nothing any more.
    if (response.status === 403) throw failure('not_let_in');
    throw failure('internal', { detail: `${response.status} ${response.statusText}` });
  }
  if (!response.ok) throw asFailure(parsed);
  return parsed as T;
}

/** Whom this window believes at the desk. */
function believed(): Record<string, string> {
  const known = sitting();
  return known === null ? {} : { 'x-yinxin-sitting': String(known) };
}

/** Half a surrogate pair is no text that anybody could read again. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? new TextDecoder().decode(new TextEncoder().encode(value)) : value;
}

function upload(kind: PickKind, file: File): Promise<FileRef> {
  const query = new URLSearchParams({ kind, name: file.name, size: String(file.size) });
  return answered(`/files?${query}`, {
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
}

async function uploadAll(files: File[], kind: (file: File) => PickKind): Promise<Picked> {
  const handedIn: FileRef[] = [];
  for (const file of files.slice(0, MOST_FILES)) handedIn.push(await upload(kind(file), file));
  return { files: handedIn, given: files.length };
}

/** What the browser's own file dialog gives. */
function chosenFiles(kind: PickKind, multiple: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = ACCEPTED[kind];
    input.multiple = multiple;
    input.hidden = true;
    const end = () => {
      resolve([...(input.files ?? [])]);
      input.remove();
    };
    input.addEventListener('change', end);
    input.addEventListener('cancel', end);
    document.body.append(input);
    input.click();
  });
}

/** What kind a dropped file is, by its name; its contents are judged later. */
function kindOf(name: string): PickKind {
  if (/\.(xlsx|csv)$/i.test(name)) return 'sheet';
  if (/\.yinxin$/i.test(name)) return 'evidence';
  return /\.(txt|policy)$/i.test(name) ? 'policy' : 'evidence';
}

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

export function web(): Platform {
  return {
    call: (command, request) =>
      answered(`/api/${command}`, {
        headers: { 'content-type': 'application/json', ...believed() },
        body: JSON.stringify(request, wellFormed),
      }),
    pick: async (kind, multiple) => uploadAll(await chosenFiles(kind, multiple), () => kind),
    onDrop(handler, hover, refused) {
      const over = (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        hover?.(true);
      };
      const leave = (event: DragEvent) => {
        if (event.relatedTarget === null) hover?.(false);
      };
      const drop = async (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        hover?.(false);
        // The list is emptied as soon as this handler has returned.
        const dropped = [...(event.dataTransfer?.files ?? [])];
        try {
          // A policy before the evidence that is verified by it.
          const [policies, others] = [true, false].map((is) => dropped.filter(({ name }) => (kindOf(name) === 'policy') === is));
          handler(await uploadAll([...policies!, ...others!], ({ name }) => kindOf(name)));
        } catch (thrown) {
          refused?.(asFailure(thrown));
        }
      };
      window.addEventListener('dragover', over);
      window.addEventListener('dragleave', leave);
      window.addEventListener('drop', drop);
      return () => {
        window.removeEventListener('dragover', over);
        window.removeEventListener('dragleave', leave);
        window.removeEventListener('drop', drop);
      };
    },
    // What a browser asks before it closes is said where forms are kept.
    onClosing: () => () => undefined,
    answerClosing: () => Promise.resolve(),
    // A browser opens no files of ours.
    onOpened: () => () => undefined,
    async save(file) {
      const link = document.createElement('a');
      link.href = `/files/${encodeURIComponent(file.token)}`;
      link.download = file.name;
      link.hidden = true;
      document.body.append(link);
      link.click();
      link.remove();
      return { saved: true, where: null };
    },
  };
}
