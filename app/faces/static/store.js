// IndexedDB as promises: `outbox` holds what waits to be sent, `kept` what is remembered by name.

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('gexun', 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('outbox', { keyPath: 'id' });
      asked.result.createObjectStore('kept');
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function run(store, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode);
    const asked = work(transaction.objectStore(store));
    // Only what is committed is kept: a battery may die right after.
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const entries = {
  all: () => run('outbox', 'readonly', (store) => store.getAll()),
  get: (id) => run('outbox', 'readonly', (store) => store.get(id)),
  put: (entry) => run('outbox', 'readwrite', (store) => store.put(entry)),
  remove: (id) => run('outbox', 'readwrite', (store) => store.delete(id)),
};

export const kept = {
  get: (name) => run('kept', 'readonly', (store) => store.get(name)),
  put: (name, value) => run('kept', 'readwrite', (store) => store.put(value, name)),
  remove: (name) => run('kept', 'readwrite', (store) => store.delete(name)),
  /** Forgets everything whose name begins so. */
  forget: (start) =>
    run('kept', 'readwrite', (store) => store.delete(IDBKeyRange.bound(start, start + '\uffff'))),
};
