{%- extends "stock/gradebook_assignments.tpl" -%}
{%- block breadcrumbs -%}
{{ super() }}
<p><a href="{{ base_url }}/formgrader/written">Written answers, one question at a time</a></p>
{%- endblock -%}
