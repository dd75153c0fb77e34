//! What the vendor's standard objects are like: names, parents, field types, fields that all see.

use guan_engine::model::{Field, FieldId, FieldType, Object};

/// Standard objects, for the spelling of their names.
pub(super) const OBJECTS: [&str; 46] = [
    "Account",
    "AccountContactRelation",
    "Activity",
    "Asset",
    "AssociatedLocation",
    "Campaign",
    "CampaignMember",
    "Case",
    "Contact",
    "ContactPointAddress",
    "ContactPointEmail",
    "ContactPointPhone",
    "Contract",
    "ContentVersion",
    "DandBCompany",
    "Document",
    "EmailMessage",
    "Entitlement",
    "Event",
    "Idea",
    "Individual",
    "Knowledge__kav",
    "Lead",
    "Location",
    "Macro",
    "Opportunity",
    "OpportunityContactRole",
    "OpportunityLineItem",
    "Order",
    "OrderItem",
    "Pricebook2",
    "PricebookEntry",
    "Product2",
    "Quote",
    "QuoteLineItem",
    "ResourceAbsence",
    "ServiceAppointment",
    "ServiceContract",
    "ServiceResource",
    "ServiceTerritory",
    "Solution",
    "Task",
    "TimeSheet",
    "User",
    "WorkOrder",
    "WorkOrderLineItem",
];

/// A parent that a standard object has without any file saying so.
pub(super) struct StandardRelation {
    pub(super) object: &'static str,
    pub(super) field: &'static str,
    pub(super) parent: &'static str,
    pub(super) implicit_parent: bool,
    pub(super) implicit_child: bool,
}

const fn relation(
    object: &'static str,
    field: &'static str,
    parent: &'static str,
) -> StandardRelation {
    StandardRelation { object, field, parent, implicit_parent: false, implicit_child: false }
}
const fn implicit(
    object: &'static str,
    field: &'static str,
    parent: &'static str,
) -> StandardRelation {
    StandardRelation { object, field, parent, implicit_parent: true, implicit_child: true }
}
const fn implicit_parent(
    object: &'static str,
    field: &'static str,
    parent: &'static str,
) -> StandardRelation {
    StandardRelation { object, field, parent, implicit_parent: true, implicit_child: false }
}

/// The first relation of an object is the one that controls it when its parent does.
pub(super) const RELATIONS: [StandardRelation; 22] = [
    implicit("Contact", "AccountId", "Account"),
    implicit("Opportunity", "AccountId", "Account"),
    implicit("Case", "AccountId", "Account"),
    relation("Case", "ContactId", "Contact"),
    implicit_parent("Contract", "AccountId", "Account"),
    implicit_parent("Order", "AccountId", "Account"),
    relation("Account", "ParentId", "Account"),
    relation("AccountContactRelation", "AccountId", "Account"),
    relation("AccountContactRelation", "ContactId", "Contact"),
    relation("Asset", "AccountId", "Account"),
    relation("CampaignMember", "CampaignId", "Campaign"),
    relation("CampaignMember", "LeadId", "Lead"),
    relation("CampaignMember", "ContactId", "Contact"),
    relation("Entitlement", "AccountId", "Account"),
    relation("OpportunityContactRole", "OpportunityId", "Opportunity"),
    relation("OpportunityLineItem", "OpportunityId", "Opportunity"),
    relation("OrderItem", "OrderId", "Order"),
    relation("PricebookEntry", "Pricebook2Id", "Pricebook2"),
    relation("Quote", "OpportunityId", "Opportunity"),
    relation("QuoteLineItem", "QuoteId", "Quote"),
    relation("ServiceContract", "AccountId", "Account"),
    relation("WorkOrderLineItem", "WorkOrderId", "WorkOrder"),
];

const SYSTEM_FIELDS: [(&str, FieldType); 7] = [
    ("Id", FieldType::Reference),
    ("Name", FieldType::Text),
    ("CreatedById", FieldType::Reference),
    ("CreatedDate", FieldType::DateTime),
    ("LastModifiedById", FieldType::Reference),
    ("LastModifiedDate", FieldType::DateTime),
    ("SystemModstamp", FieldType::DateTime),
];

/// The fields that every object has and that no permission hides.
pub(super) fn add_system_fields(object: &mut Object) {
    for (name, field_type) in SYSTEM_FIELDS {
        object.fields.entry(FieldId::new(name)).or_insert_with(|| Field {
            field_type,
            secured: Some(false),
            indexed: is_sorted_by(name),
            read_only: is_set_by_the_system("", name),
            ..Field::default()
        });
    }
}

const ALWAYS_VISIBLE: [(&str, &str); 16] = [
    ("Account", "ParentAccount"),
    ("Case", "CaseNumber"),
    ("Case", "Status"),
    ("Contact", "FirstName"),
    ("Contact", "LastName"),
    ("Contract", "AccountId"),
    ("Lead", "Company"),
    ("Lead", "FirstName"),
    ("Lead", "LastName"),
    ("Lead", "Status"),
    ("Opportunity", "CloseDate"),
    ("Opportunity", "ForecastCategoryName"),
    ("Opportunity", "StageName"),
    ("Order", "Status"),
    ("Task", "Status"),
    ("User", "Username"),
];

/// Whether people sort lists by a field of this name.
pub(super) fn is_sorted_by(field: &str) -> bool {
    matches!(
        field,
        "Name"
            | "LastName"
            | "CaseNumber"
            | "CreatedDate"
            | "LastModifiedDate"
            | "Amount"
            | "CloseDate"
            | "AnnualRevenue"
    )
}

/// Whether a field of a standard object is shown with its record whatever the sets say.
pub(super) fn is_always_visible(object: &str, field: &str) -> bool {
    ALWAYS_VISIBLE.contains(&(object, field))
}

/// Whether nobody sets a standard field: the vendor's server fills it.
pub(super) fn is_set_by_the_system(object: &str, field: &str) -> bool {
    let everywhere = matches!(
        field,
        "Id" | "CreatedById"
            | "CreatedDate"
            | "LastModifiedById"
            | "LastModifiedDate"
            | "SystemModstamp"
            | "LastActivityDate"
            | "LastViewedDate"
            | "LastReferencedDate"
            | "IsDeleted"
    );
    everywhere || SET_BY_THE_SYSTEM.contains(&(object, field))
}

const SET_BY_THE_SYSTEM: [(&str, &str); 17] = [
    ("Account", "IsPersonAccount"),
    ("Case", "CaseNumber"),
    ("Case", "ClosedDate"),
    ("Case", "IsClosed"),
    ("Contract", "ContractNumber"),
    ("Lead", "ConvertedDate"),
    ("Lead", "IsConverted"),
    ("Opportunity", "ExpectedRevenue"),
    ("Opportunity", "HasOpportunityLineItem"),
    ("Opportunity", "IsClosed"),
    ("Opportunity", "IsWon"),
    ("Order", "OrderNumber"),
    ("Quote", "QuoteNumber"),
    ("ServiceContract", "ContractNumber"),
    ("Solution", "SolutionNumber"),
    ("Task", "IsClosed"),
    ("WorkOrder", "WorkOrderNumber"),
];

/// The type of a standard field, where it is known; `None` for a field of unknown type.
pub(super) fn field_type(object: &str, field: &str) -> Option<FieldType> {
    use FieldType as T;
    if field.ends_with("__c") {
        return None;
    }
    if RELATIONS.iter().any(|known| known.object == object && known.field == field) {
        return Some(T::Reference);
    }
    Some(match field {
        "AnnualRevenue"
        | "NumberOfEmployees"
        | "Amount"
        | "Probability"
        | "ExpectedRevenue"
        | "TotalOpportunityQuantity"
        | "Quantity"
        | "UnitPrice"
        | "TotalPrice"
        | "BudgetedCost"
        | "ActualCost"
        | "Latitude"
        | "Longitude"
        | "BillingLatitude"
        | "BillingLongitude" => T::Number,
        "CloseDate" | "Birthdate" | "StartDate" | "EndDate" | "EffectiveDate" | "ActivityDate" => {
            T::Date
        }
        "CreatedDate" | "LastModifiedDate" | "ClosedDate" | "LastActivityDate"
        | "SystemModstamp" => T::DateTime,
        "IsActive" | "IsClosed" | "IsConverted" | "IsDeleted" | "IsEscalated"
        | "IsPersonAccount" | "IsPrivate" | "IsWon" | "DoNotCall" | "HasOptedOutOfEmail"
        | "HasOptedOutOfFax" | "IsUnreadByOwner" => T::Boolean,
        "Industry"
        | "Type"
        | "Rating"
        | "LeadSource"
        | "StageName"
        | "Status"
        | "Priority"
        | "Origin"
        | "Reason"
        | "Ownership"
        | "AccountSource"
        | "Salutation"
        | "ForecastCategoryName"
        | "BillingCountryCode"
        | "BillingStateCode" => T::Choice,
        _ if field.ends_with("Id") => T::Reference,
        _ if object.ends_with("__c") => return None,
        "Name" | "FirstName" | "LastName" | "Company" | "Subject" | "Description" | "Phone"
        | "Fax" | "MobilePhone" | "HomePhone" | "OtherPhone" | "Email" | "Website" | "Title"
        | "Department" | "Site" | "AccountNumber" | "CaseNumber" | "NextStep" | "BillingCity"
        | "BillingStreet" | "BillingState" | "BillingCountry" | "BillingPostalCode"
        | "ShippingCity" | "ShippingStreet" | "ShippingState" | "ShippingCountry" => T::Text,
        _ => return None,
    })
}

/// The model's type for a type of the vendor.
pub(super) fn type_of(vendor_type: &str) -> Option<FieldType> {
    use FieldType as T;
    Some(match vendor_type {
        "AutoNumber" | "Text" | "TextArea" | "LongTextArea" | "Html" | "Phone" | "Email"
        | "Url" | "EncryptedText" | "Location" | "Time" | "File" | "Address" => T::Text,
        "Number" | "Currency" | "Percent" | "Summary" => T::Number,
        "Checkbox" => T::Boolean,
        "Date" => T::Date,
        "DateTime" => T::DateTime,
        "Picklist" => T::Choice,
        "MultiselectPicklist" => T::MultiChoice,
        "Lookup"
        | "MasterDetail"
        | "Hierarchy"
        | "ExternalLookup"
        | "IndirectLookup"
        | "MetadataRelationship" => T::Reference,
        _ => return None,
    })
}

/// File names of standard profiles, by the names that people see.
pub(super) const PROFILES: [(&str, &str); 7] = [
    ("System Administrator", "Admin"),
    ("Standard User", "Standard"),
    ("Marketing User", "MarketingProfile"),
    ("Contract Manager", "ContractManager"),
    ("Solution Manager", "SolutionManager"),
    ("Read Only", "ReadOnly"),
    ("Standard Platform User", "StandardAul"),
];
