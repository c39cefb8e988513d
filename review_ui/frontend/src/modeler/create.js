// Puts the editor together: bpmn-js, the zeebe panel and behaviours, and our panel last.
import Modeler from 'bpmn-js/lib/Modeler';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'bpmn-js-properties-panel';
import { ZeebeVariableResolverModule } from '@bpmn-io/variable-resolver';
import ZeebeBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe';
import { theme } from '../common/theme.js';
import { translateModule } from '../i18n/translate.js';
import lint from '../lint/index.js';
import panel from '../panel/index.js';
import variables from '../panel/variables.js';
import shenling from '../shenling.json';
import fourEyes from './four-eyes.js';
import menu from './menu.js';

export function createModeler({ container, panelParent, catalogue }) {
  return new Modeler({
    container,
    propertiesPanel: { parent: panelParent, feelPopupContainer: container },
    moddleExtensions: { zeebe, shenling },
    shenling: catalogue,
    ...theme,
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule, ZeebeBehaviors,
      ZeebeVariableResolverModule, variables, lint, menu, fourEyes, panel, translateModule,
    ],
  });
}
