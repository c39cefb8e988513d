// Sentences of the editor page itself.
export const TEXT = {
  failed: { zh: '流程图无法打开。请刷新页面；如仍无法打开，请下载后交技术人员检查。', en: 'The diagram cannot be opened. Reload the page; if that does not help, download the file and have it checked.' },
  warnings: { zh: '有{n}处内容没有读懂，保存后会丢失。请先核对原文件。', en: '{n} parts were not understood and would be lost on saving. Check the file first.' },
  changed: { zh: '有修改未保存', en: 'Unsaved changes' },
  unchanged: { zh: '没有未保存的修改', en: 'No unsaved changes' },
  saving: { zh: '正在保存', en: 'Saving' },
  saved: { zh: '{time} 已保存', en: 'Saved at {time}' },
  conflict: { zh: '另一个人已保存过这份草稿，您的修改没有写入。请下载您的版本，再打开对方的版本合并。', en: 'Someone else has saved this draft; your changes were not written. Download your version, then open theirs and merge.' },
  download: { zh: '下载我的版本', en: 'Download my version' },
  reload: { zh: '打开对方的版本', en: 'Open their version' },
  unsaved: { zh: '没有保存成功，修改还在页面上。请检查网络后再保存一次。', en: 'Not saved; your changes are still on this page. Check the connection and save again.' },
  denied: { zh: '没有保存：登录已失效，或您没有编辑这份草稿的权限。请先下载您的版本。', en: 'Not saved: you are signed out or may not edit this draft. Download your version first.' },
  refused: { zh: '没有保存：服务器不接受这份文件。{message}', en: 'Not saved: the server does not accept this file. {message}' },
  unreadable: { zh: '这个文件不是可读的BPMN流程图，画布没有改动。', en: 'This file is not a readable BPMN diagram; the canvas is unchanged.' },
  imported: { zh: '已导入{name}，尚未保存', en: '{name} was imported and is not saved yet' },
};
