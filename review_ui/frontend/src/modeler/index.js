import 'bpmn-js/dist/assets/bpmn-js.css';
