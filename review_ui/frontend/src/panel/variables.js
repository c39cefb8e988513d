// Variables that the programme declares, so that the FEEL fields suggest them everywhere.
import { VariableProvider } from '@bpmn-io/variable-resolver';
import { is } from 'bpmn-js/lib/util/ModelUtil';

class ProgrammeVariables extends VariableProvider {
  constructor(variableResolver, catalogue) {
    super(variableResolver);
    this.variables = catalogue.variables;
  }

  getVariables(element) {
    if (!is(element, 'bpmn:Process') && !is(element, 'bpmn:Participant')) return [];
    return this.variables.map((variable) => ({ ...variable, provider: this }));
  }
}
ProgrammeVariables.$inject = ['variableResolver', 'config.shenling'];

export default { __init__: ['programmeVariables'], programmeVariables: ['type', ProgrammeVariables] };
